using TuneGrid.Search.Numerics;
using TuneGrid.Search.Observations;
using TuneGrid.Search.Randomness;

namespace TuneGrid.Search.Scheduling;

/// <summary>
/// Freeze-thaw: whenever a silo is free it compares every paused trial with a new one, by what their learning curves promise, and gives
/// the best of them one rung more. After ifBO (Rakotoarison et al. 2024, arXiv:2404.16795): each time a horizon (how many rungs further)
/// and a threshold (how far below the best score) are drawn at random, and whoever is likeliest to get below the threshold at the horizon
/// goes on, here per amount that the step costs, since ours cost more from rung to rung. The curves are forecast by power laws
/// (<see cref="CurveBook"/>); what a new trial promises is what those before it came to.
/// <para>
/// No more trials go beyond a rung than halving would send there from as many as were asked for: a study costs at most what it does with
/// <c>asha</c>, and ends as it does. Only the 64 best of a rung are looked at.
/// </para>
/// </summary>
internal sealed class FreezeThawScheduler(Bracket bracket, int eta, ulong seed) : IScheduler
{
    private const int MostPerRung = 64;

    // How far below the best the threshold may lie: from 10^-4 to 10^-1 of the distance between the best and the median trial.
    private const double LeastExponent = -4, MostExponent = -1;
    private const ulong HorizonStream = 0xF4EE2E, ThresholdStream = 0x74A3;

    private readonly BracketState _bracket = new(bracket, eta, PromotionRule.Chosen);
    private readonly CurveBook _curves = new(bracket.Rungs);
    private ulong _observations;
    private Decision? _next;

    public IReadOnlyList<Bracket> Brackets => [_bracket.Bracket];

    public Decision Next() => _next ??= _bracket.Promotion() ?? Choose() ?? Otherwise();

    public void Proposed(TrialId trial, int bracket, TrialRole role)
    {
        _bracket.Start(trial, role);
        Observed();
    }

    public void Reached(TrialId trial, int rung, double score, IReadOnlyList<CurvePoint>? within)
    {
        _bracket.Reach(trial, rung, score);
        _curves.Reached(trial, rung, score, within ?? []);
        Observed();
    }

    public void Promoted(TrialId trial, int toRung)
    {
        _bracket.Promote(trial, toRung);
        Observed();
    }

    public void Failed(TrialId trial)
    {
        _bracket.Fail(trial);
        _curves.Failed(trial);
        Observed();
    }

    public void Retried(TrialId trial)
    {
        _bracket.Retry(trial);
        Observed();
    }

    public void Closed()
    {
        _bracket.Close();
        Observed();
    }

    public void Extended(int trials)
    {
        _bracket.Extend(trials);
        Observed();
    }

    private Decision Otherwise() =>
        _bracket.CanStart ? new Decision.Start(0) : _bracket.HasRunning ? new Decision.Wait() : new Decision.Finished();

    private void Observed() => (_observations, _next) = (_observations + 1, null);

    /// <summary>Returns the promotion of the most promising trial; null if a new one promises more, or none may go on.</summary>
    private Decision.Promote? Choose()
    {
        if (_curves.Best is not { } best)
            return null;
        var rungs = _bracket.Bracket.Rungs;
        var horizon = 1 + (int)(CounterRandom.Uniform(seed, HorizonStream, _observations) * rungs.Length);
        var exponent = LeastExponent
            + ((MostExponent - LeastExponent) * CounterRandom.Uniform(seed, ThresholdStream, _observations));
        var threshold = best - (Elementary.Pow(10, exponent) * _curves.Spread);
        var most = _bracket.CanStart ? _curves.ChanceOfNew(horizon - 1, threshold) / rungs[0] : 0;
        Decision.Promote? chosen = null;
        for (var rung = 0; rung < rungs.Length - 1; rung++)
        {
            if (!_bracket.HasQuota(rung))
                continue;
            var target = Math.Min(rung + horizon, rungs.Length - 1);
            foreach (var waiting in _bracket.Waiting(rung, MostPerRung))
            {
                var chance = _curves.Forecast(waiting.Trial, target).ChanceBelow(threshold) / (rungs[rung + 1] - rungs[rung]);
                if (chosen is not null || _bracket.CanStart ? chance <= most : chance < most)
                    continue;
                (most, chosen) = (chance, new(waiting.Trial, rung + 1, _bracket.ReasonFor(rung, waiting)));
            }
        }
        return chosen;
    }
}
