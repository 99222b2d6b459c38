using TuneGrid.Search.Observations;
using TuneGrid.Search.Sampling;
using TuneGrid.Search.Space;
using TuneGrid.Search.Tests.Reading;

namespace TuneGrid.Search.Tests.Sampling;

/// <summary>A study whose scores are computed: every third trial of a rung goes on, as in halving without waiting.</summary>
internal sealed class Toy(SearchSpace space, Func<Configuration, double> score, bool halves = true)
{
    private static readonly double[] Rungs = [9, 27, 81];

    public Toy(SearchSpace space)
        : this(space, Score)
    {
    }

    public ISampler Sampler { get; } = Samplers.Create(space, FakeCatalog.Instance);

    public SearchHistory History { get; } = new();

    public double Best => History.Trials.SelectMany(t => t.Rungs).Min(r => r.Score);

    public static SearchSpace Space(string sampler, int seed = 0, string? prior = null)
    {
        var after = prior is null ? "" : ", \"prior\": " + prior;
        var json = $$"""
            { "budget": { "steps": 81 }, "scheduler": { "rungs": 3 }, "trials": 100, "parameters": {
                "learning_rate": { "type": "float", "min": 0.0001, "max": 0.1, "scale": "log"{{after}} },
                "width": { "type": "int", "min": 64, "max": 384, "step": 8 },
                "momentum": { "type": "float", "min": 0.5, "max": 0.99 },
                "optimizer": { "type": "choice", "values": ["muon", "normuon", "adamw"] } } }
            """;
        return SpaceFiles.Valid(json, $"sampler.type={sampler}", $"seed={seed}");
    }

    public int Propose()
    {
        var trial = History.Trials.Count;
        History.Proposed(trial, Sampler.Propose(History).Configuration);
        return trial;
    }

    public void Run(int trials)
    {
        for (var i = 0; i < trials; i++)
        {
            var trial = Propose();
            var value = score(History.Trials[trial].Configuration);
            if (double.IsNaN(value))
            {
                History.Failed(trial, FailureCause.Diverged);
                continue;
            }
            History.Reached(trial, Rungs[0], value, isLast: false);
            for (var rung = 1; rung < Rungs.Length && halves; rung++)
                Promote(Rungs[rung - 1], Rungs[rung], rung == Rungs.Length - 1);
        }
    }

    /// <summary>Best at a learning rate of 0.003, width 256 and momentum 0.9 with muon: 0.</summary>
    private static double Score(Configuration c)
    {
        var rate = Math.Log10(c["learning_rate"].Number / 0.003) / 3;
        var (width, momentum) = ((c["width"].Number - 256) / 320, (c["momentum"].Number - 0.9) / 0.49);
        return (rate * rate) + (width * width) + (momentum * momentum) + (c["optimizer"].ToString() == "muon" ? 0 : 0.1);
    }

    private void Promote(double from, double to, bool isLast)
    {
        var there = History.Trials.Where(t => t.Rungs.Any(r => r.Amount.Equals(from)))
            .OrderBy(t => t.Rungs.First(r => r.Amount.Equals(from)).Score).ToList();
        foreach (var trial in there.Take(there.Count / 3).Where(t => t.Rungs[^1].Amount.Equals(from)))
        {
            History.Resumed(trial.Trial);
            History.Reached(trial.Trial, to, score(trial.Configuration), isLast);
        }
    }
}
