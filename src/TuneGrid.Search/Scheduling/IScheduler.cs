using System.Collections.Immutable;
using TuneGrid.Search.Observations;

namespace TuneGrid.Search.Scheduling;

/// <summary>The rungs that a share of the trials passes through.</summary>
/// <param name="Index">From 0; the position in <see cref="IScheduler.Brackets"/>.</param>
/// <param name="Rungs">Amounts in the unit of the budget, ascending; the last is the whole budget.</param>
/// <param name="Trials">How many trials enter at the first rung.</param>
public sealed record Bracket(int Index, ImmutableArray<double> Rungs, int Trials);

/// <summary>Why a trial is promoted: its place in the rung at the moment of the decision.</summary>
/// <param name="Rung">The rung that it leaves, from 0.</param>
/// <param name="Score">Its score there; lower is better.</param>
/// <param name="Rank">0 is the best score of the rung.</param>
/// <param name="Competitors">How many trials had entered the rung; those that failed on the way to it count, as the worst.</param>
/// <param name="Cutoff">The worst score among as many of the best as the rung could promote.</param>
public sealed record PromotionReason(int Rung, double Score, int Rank, int Competitors, double Cutoff)
{
    /// <summary>True for a control, which goes on wherever it stands and takes no place of the others; else null.</summary>
    public bool? Control { get; init; }

    /// <summary>
    /// How probably the trial is truly better than the best one that stays behind, by the noise of the class; null where that is unknown.
    /// </summary>
    public double? Probability { get; init; }

    /// <summary>
    /// True for the leader of a study whose time is nearly over: it goes on before the scheduler's turn, while there is time for the whole
    /// budget; else null.
    /// </summary>
    public bool? OutOfTurn { get; init; }
}

/// <summary>How a trial takes part in its bracket.</summary>
public enum TrialRole
{
    /// <summary>It is one of the trials that the space asks for.</summary>
    Counted,

    /// <summary>Somebody added it: it competes like the others but uses up none of their number.</summary>
    Extra,

    /// <summary>
    /// What the others are measured against: one of the trials that the space asks for, but it climbs to the top rung whatever its scores,
    /// and beside the others, whose places and ranks are the same without it.
    /// </summary>
    Control,
}

/// <summary>What a free silo should do next.</summary>
public abstract record Decision
{
    private Decision() { }

    /// <summary>Sample a new trial and train it to the first rung of <paramref name="Bracket"/>.</summary>
    public sealed record Start(int Bracket) : Decision;

    /// <summary>Resume a paused trial and train it to <paramref name="ToRung"/>.</summary>
    public sealed record Promote(TrialId Trial, int ToRung, PromotionReason Why) : Decision
    {
        /// <summary>The best score of those that stay behind and could go on in its place; null if there is none.</summary>
        public double? Next { get; init; }
    }

    /// <summary>Nothing to do until a running trial reports.</summary>
    public sealed record Wait : Decision;

    /// <summary>No trial of this hardware class can ever run again.</summary>
    public sealed record Finished : Decision;
}

/// <summary>
/// Decides, within one hardware class of one study, which trials deserve more budget. It is a pure fold: the observations, in ledger order,
/// are its whole state, and <see cref="Next"/> has no side effect. One observation and one decision each cost at most O(log trials). Lower
/// scores are better; a NaN score is worst and its trial never continues. Not thread-safe.
/// </summary>
public interface IScheduler
{
    /// <summary>
    /// The brackets; a bracket's index is its position. How many there are and their rungs are fixed from the start, their number of trials
    /// until <see cref="Extended"/>.
    /// </summary>
    IReadOnlyList<Bracket> Brackets { get; }

    /// <summary>Returns what a free silo should do now; asking again before the next observation returns the same.</summary>
    Decision Next();

    /// <summary>A new trial entered the bracket with this index and runs toward its first rung.</summary>
    /// <param name="role">How it takes part; a bracket has one control at most.</param>
    void Proposed(TrialId trial, int bracket, TrialRole role = TrialRole.Counted);

    /// <summary>The trial reached the rung, from 0, with this score. A repeated report (a retry) replaces the earlier one.</summary>
    /// <param name="within">What was evaluated since the rung before, in any order; null where nothing was.</param>
    /// <exception cref="KeyNotFoundException">The trial was never proposed.</exception>
    void Reached(TrialId trial, int rung, double score, IReadOnlyList<CurvePoint>? within = null);

    /// <summary>The trial now runs toward <paramref name="toRung"/>.</summary>
    /// <exception cref="KeyNotFoundException">The trial was never proposed.</exception>
    void Promoted(TrialId trial, int toRung);

    /// <summary>The trial ended for good without reaching its rung (diverged, out of memory, gave up).</summary>
    /// <exception cref="KeyNotFoundException">The trial was never proposed.</exception>
    void Failed(TrialId trial);

    /// <summary>A failed trial runs once more, toward the rung that it failed on: it has not entered that rung any more.</summary>
    /// <exception cref="KeyNotFoundException">The trial was never proposed.</exception>
    void Retried(TrialId trial);

    /// <summary>No trial will be proposed any more: those there are finish the search among themselves.</summary>
    void Closed();

    /// <summary>
    /// More trials are asked for, in all brackets together, also after <see cref="Closed"/>; the brackets share them as they shared those
    /// before.
    /// </summary>
    /// <param name="trials">Not fewer than before.</param>
    void Extended(int trials);
}
