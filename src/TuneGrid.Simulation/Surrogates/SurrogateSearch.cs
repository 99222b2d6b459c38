using TuneGrid.Search.Space;
using TuneGrid.Simulation.Tables;

namespace TuneGrid.Simulation.Surrogates;

/// <summary>How a surrogate is searched.</summary>
/// <param name="Trials">Full trainings, failed ones included; by seconds, what as many whole ones take.</param>
/// <param name="BySeconds">Looks at the best after so many times 300 device-seconds, which a sampler that fails cheaply gains by.</param>
/// <param name="DefaultFirst">Whether the known default is the first trial.</param>
/// <param name="IsNoisy">Whether scores have the noise of one run; what counts is then the mean of the trial that looked best.</param>
public sealed record SurrogateOptions(int Trials, bool BySeconds = false, bool DefaultFirst = false, bool IsNoisy = false);

/// <summary>What a search of a surrogate found.</summary>
/// <param name="DeviceSeconds">What its trials took, failures included.</param>
/// <param name="Best">The best score after so many trials, or trainings' worth of seconds; null while there is none.</param>
public sealed record SurrogateReport(
    ulong Seed, int Trials, int Failed, double DeviceSeconds, IReadOnlyList<(int After, double? Score)> Best);

/// <summary>Searches a surrogate in virtual time.</summary>
public static class SurrogateSearch
{
    private static readonly int[] Milestones = [50, 100, 200, 400];

    /// <summary>Returns what the search found.</summary>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    public static SurrogateReport Run(
        SurrogateBenchmark benchmark, SurrogateOptions options, ReplayOptions replay, CancellationToken cancellation = default)
    {
        var log = new SurrogateLog([.. Milestones.Where(m => m < options.Trials), options.Trials], options.BySeconds);
        var with = replay with
        {
            Trials = options.BySeconds ? null : options.Trials,
            Trainings = options.BySeconds ? options.Trials : options.Trials + replay.Workers,
        };
        Replay.Run(new SurrogateTask("surrogate", benchmark, options, replay.Seed), with, log, null, cancellation);
        return new(replay.Seed, log.Ended, log.Failed, log.Seconds, log.Best);
    }

    /// <summary>Notes the best score at each milestone.</summary>
    private sealed class SurrogateLog(int[] milestones, bool bySeconds) : IReplayLog
    {
        private readonly double?[] _best = new double?[milestones.Length];
        private double _seen = double.PositiveInfinity;

        public int Ended { get; private set; }

        public int Failed { get; private set; }

        public double Seconds { get; private set; }

        public IReadOnlyList<(int After, double? Score)> Best => [.. milestones.Zip(_best)];

        public void Scored(double at, double score, double truth, bool isFull)
        {
            Ended++;
            Seconds = Math.Max(Seconds, at);
            var isBest = score < _seen;
            if (double.IsNaN(score))
                Failed++;
            if (isBest)
                _seen = score;
            for (var i = 0; i < milestones.Length; i++)
            {
                if (isBest && (bySeconds ? at <= milestones[i] * SurrogateBenchmark.TrainingSeconds : Ended <= milestones[i]))
                    _best[i] = truth;
            }
        }
    }
}
