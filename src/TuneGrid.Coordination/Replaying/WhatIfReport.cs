using TuneGrid.Search.Scheduling;

namespace TuneGrid.Coordination.Replaying;

/// <summary>What other rules would have done at one rung.</summary>
/// <param name="Amount">Where it lies, in budget units.</param>
/// <param name="Entered">How many trials would have been sent there.</param>
/// <param name="Promoted">Which of them would have gone on.</param>
/// <param name="Stopped">Which would have had a score there and stopped.</param>
/// <param name="Recorded">Which went on from there in the study; null if it had no such rung.</param>
public sealed record WhatIfRung(
    double Amount, int Entered, IReadOnlyList<TrialId> Promoted, IReadOnlyList<TrialId> Stopped, IReadOnlyList<TrialId>? Recorded);

/// <summary>A score that other rules would have needed and nobody knows.</summary>
/// <param name="Trial">By its number in the study.</param>
/// <param name="Amount">Where, in budget units.</param>
/// <param name="Assumed">What was put in its place; null if nothing could, and the trial was ended.</param>
public sealed record NeededScore(TrialId Trial, double Amount, double? Assumed);

/// <summary>What other rules would have done with what is known of one hardware class.</summary>
/// <param name="Silos">How many trained side by side, as in the study.</param>
/// <param name="Proposed">How many trials would have been proposed.</param>
/// <param name="Exact">Of them, how many the sampler proposed as they were recorded; the others stand for what it proposed nearby.</param>
/// <param name="Rungs">Lowest first.</param>
/// <param name="Seconds">Training seconds over all silos.</param>
/// <param name="RecordedSeconds">What the study's own trials took, what was lost and repeated aside.</param>
/// <param name="WallSeconds">How long it would have taken if silos only trained.</param>
/// <param name="Best">The best trial that would have seen the whole budget, by its number in the study; null if none.</param>
/// <param name="BestScore">Its score, known or assumed.</param>
/// <param name="Champion">The study's champion; null if it has none.</param>
/// <param name="ChampionIsFound">Whether the champion would have seen the whole budget.</param>
/// <param name="ChampionStoppedAt">If not, the amount after which it would have stopped; null if it was not proposed, or was found.</param>
/// <param name="Needed">By trial, then amount.</param>
public sealed record WhatIfReport(
    HardwareClass Class, int Silos, int Proposed, int Exact, IReadOnlyList<WhatIfRung> Rungs, double Seconds, double RecordedSeconds,
    double WallSeconds, TrialId? Best, double? BestScore, TrialId? Champion, bool ChampionIsFound, double? ChampionStoppedAt,
    IReadOnlyList<NeededScore> Needed);
