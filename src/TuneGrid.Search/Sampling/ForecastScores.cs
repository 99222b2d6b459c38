using System.Runtime.CompilerServices;
using TuneGrid.Search.Numerics;
using TuneGrid.Search.Observations;
using TuneGrid.Search.Surrogates;

namespace TuneGrid.Search.Sampling;

/// <summary>
/// What trials are expected to come to at the whole budget: a power law through everything that was evaluated of each
/// (<see cref="PowerLawFit"/>), mended by how such forecasts of those that went further have ended. Fits are kept for as long as their
/// curves stand.
/// </summary>
internal sealed class ForecastScores(double budget)
{
    /// <summary>Fewer points make no curve.</summary>
    private const int LeastPoints = 3;

    private readonly ConditionalWeakTable<Observation, Fits> _kept = [];

    /// <summary>Returns the score to expect of each trial, in order; at the whole budget its own. All have reached a rung.</summary>
    /// <param name="otherwise">What a trial without a curve is worth.</param>
    public List<double> Of(List<Observation> trials, Func<Observation, double> otherwise)
    {
        var calibration = new PowerLawCalibration();
        foreach (var trial in trials.Where(HasCurve))
        {
            var last = trial.Rungs[^1];
            foreach (var (rung, reached) in trial.Rungs.SkipLast(1).Index())
                calibration.Learn(FitsOf(trial).At(rung).At(last.Amount), last.Score, Elementary.Log2(last.Amount / reached.Amount));
        }
        return trials.ConvertAll(Expected);

        double Expected(Observation trial)
        {
            var last = trial.Rungs[^1];
            if (last.Amount >= budget)
                return last.Score;
            if (!HasCurve(trial))
                return otherwise(trial);
            var forecast = FitsOf(trial).At(trial.Rungs.Count - 1).At(budget);
            return calibration.Mend(forecast, Elementary.Log2(budget / last.Amount)).Score;
        }
    }

    private static bool HasCurve(Observation trial) => trial.Curve.Count >= LeastPoints;

    private Fits FitsOf(Observation trial)
    {
        if (_kept.TryGetValue(trial, out var kept) && kept.Stands(trial))
            return kept;
        var fits = new Fits(trial);
        _kept.AddOrUpdate(trial, fits);
        return fits;
    }

    /// <summary>A fit for each rung that the trial has reached, to what was known of it there.</summary>
    private sealed class Fits(Observation trial)
    {
        private readonly CurvePoint[] _curve = [.. trial.Curve];
        private readonly double[] _rungs = [.. trial.Rungs.Select(r => r.Amount)];
        private readonly PowerLawFit?[] _fits = new PowerLawFit?[trial.Rungs.Count];

        public bool Stands(Observation now) => now.Rungs.Count == _rungs.Length && now.Curve.SequenceEqual(_curve);

        public PowerLawFit At(int rung) => _fits[rung] ??= new([.. _curve.Where(p => p.Amount <= _rungs[rung])]);
    }
}
