using System.Collections.Immutable;
using FsCheck.Xunit;
using TuneGrid.Search.Randomness;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Tests.Scheduling;

/// <summary>What every scheduler owes its study, whatever the order in which silos report, fail and repeat themselves.</summary>
public class SchedulerContractTests
{
    [Property(MaxTest = 60)]
    public void Any_order_of_reports_keeps_the_rules(SchedulerType type, byte trials, byte rungs, byte silos, ulong seed)
    {
        var space = Space(type, 1 + (trials % 60), 1 + (rungs % 5));
        var run = new Simulation(space, 1 + (silos % 9), seed, failShare: seed % 3 * 0.1);

        run.ToTheEnd();

        Assert.Equal(space.Trials, run.Started);
        Assert.Equal(run.Promotions.Count, run.Promotions.Distinct().Count());
        Assert.True(run.ReachedTop > 0 || run.Survivors == 0, "no trial saw the whole budget");
        Assert.Equal(0, run.IdleWhileWork);
    }

    [Property(MaxTest = 30)]
    public void Replaying_the_observations_gives_the_same_decisions(SchedulerType type, byte trials, ulong seed)
    {
        var space = Space(type, 1 + (trials % 40), 4);
        var run = new Simulation(space, 4, seed, failShare: 0.1);
        run.ToTheEnd();

        var replay = Schedulers.Create(space);
        for (var i = 0; i < run.Observations.Count; i++)
        {
            if (run.DecisionsBefore.TryGetValue(i, out var decision))
                Assert.Equal(decision, replay.Next());
            run.Observations[i](replay);
        }
    }

    [Fact]
    public void Synchronous_halving_of_27_goes_27_9_3_1()
    {
        var run = new Simulation(Space(SchedulerType.SuccessiveHalving, 27, 4), silos: 5, seed: 7, failShare: 0);
        run.ToTheEnd();
        Assert.Equal([27, 9, 3, 1], run.EnteredPerRung);
    }

    [Fact]
    public void The_best_of_nine_reaches_the_top_of_asha()
    {
        var run = new Simulation(Space(SchedulerType.Asha, 27, 4), silos: 3, seed: 3, failShare: 0);
        run.ToTheEnd();
        Assert.True(run.EnteredPerRung[^1] >= 1);
        Assert.Contains(run.Top, t => t == run.BestTrial);
    }

    [Fact]
    public void Hyperband_from_1_to_243_has_six_brackets()
    {
        var brackets = Schedulers.HyperbandBrackets(243, eta: 3, rungs: 6, trials: 415);

        Assert.Equal([243, 98, 41, 18, 9, 6], brackets.Select(b => b.Trials));
        Assert.Equal([1.0, 3.0, 9.0, 27.0, 81.0, 243.0], brackets[0].Rungs.ToArray());
        Assert.Equal([243.0], brackets[^1].Rungs.ToArray());
    }

    [Fact]
    public void NaN_is_never_promoted()
    {
        var scheduler = Schedulers.Create(Space(SchedulerType.Asha, 3, 2));
        for (var i = 0; i < 3; i++)
        {
            scheduler.Proposed(new(i), 0);
            scheduler.Reached(new(i), 0, i == 1 ? 5 : double.NaN);
        }
        Assert.Equal(new TrialId(1), Assert.IsType<Decision.Promote>(scheduler.Next()).Trial);
        scheduler.Promoted(new(1), 1);
        scheduler.Reached(new(1), 1, 4);
        Assert.IsType<Decision.Finished>(scheduler.Next());
    }

    [Fact]
    public void A_hundred_thousand_trials_are_no_burden()
    {
        var run = new Simulation(Space(SchedulerType.Asha, 100_000, 5), silos: 64, seed: 1, failShare: 0.01);
        run.ToTheEnd();
        Assert.Equal(100_000, run.Started);
    }

    private static SearchSpace Space(SchedulerType type, int trials, int rungs) => new(
        "s", "c", new("bits_per_byte", Goal.Minimize), new(BudgetKind.Steps, 81), new(type, 3, rungs), new(SamplerType.Random), trials, 0, [], Configuration.Empty, ImmutableArray<Constraint>.Empty);

    /// <summary>Silos that take work, report in random order, and sometimes fail.</summary>
    private sealed class Simulation(SearchSpace space, int silos, ulong seed, double failShare)
    {
        private readonly IScheduler _scheduler = Schedulers.Create(space);
        private readonly List<(TrialId Trial, int Bracket, int Rung)> _running = [];
        private readonly Dictionary<TrialId, int> _bracketOf = [];
        private ulong _draws;

        public int Started { get; private set; }

        public int Survivors { get; private set; } = space.Trials;

        public int ReachedTop { get; private set; }

        public int IdleWhileWork { get; private set; }

        public List<(TrialId, int)> Promotions { get; } = [];

        public List<TrialId> Top { get; } = [];

        public int[] EnteredPerRung { get; } = new int[space.Scheduler.Rungs];

        public List<Action<IScheduler>> Observations { get; } = [];

        public Dictionary<int, Decision> DecisionsBefore { get; } = [];

        public TrialId BestTrial => Enumerable.Range(0, space.Trials).Select(i => new TrialId(i)).MinBy(t => Score(t, 0));

        public void ToTheEnd()
        {
            while (true)
            {
                var decision = _scheduler.Next();
                if (_running.Count >= silos || decision is Decision.Wait)
                {
                    if (decision is Decision.Wait && Started < space.Trials)
                        IdleWhileWork += space.Scheduler.Type == SchedulerType.SuccessiveHalving ? 0 : 1;
                    Report();
                    continue;
                }
                if (decision is Decision.Finished)
                    return;
                DecisionsBefore[Observations.Count] = decision;
                Take(decision);
            }
        }

        private void Take(Decision decision)
        {
            switch (decision)
            {
                case Decision.Start start:
                    var trial = new TrialId(Started++);
                    Observe(s => s.Proposed(trial, start.Bracket));
                    _bracketOf[trial] = start.Bracket;
                    _running.Add((trial, start.Bracket, 0));
                    break;
                case Decision.Promote promote:
                    Observe(s => s.Promoted(promote.Trial, promote.ToRung));
                    Promotions.Add((promote.Trial, promote.ToRung));
                    _running.Add((promote.Trial, _bracketOf[promote.Trial], promote.ToRung));
                    break;
            }
        }

        private void Report()
        {
            var at = (int)(Draw() * _running.Count);
            var (trial, bracket, rung) = _running[at];
            _running.RemoveAt(at);
            if (Draw() < failShare)
            {
                Survivors--;
                Observe(s => s.Failed(trial));
                return;
            }
            Observe(s => s.Reached(trial, rung, Score(trial, rung)));
            EnteredPerRung[rung]++;
            if (rung == _scheduler.Brackets[bracket].Rungs.Length - 1)
            {
                ReachedTop++;
                Top.Add(trial);
            }
        }

        private double Score(TrialId trial, int rung) => CounterRandom.Uniform(seed, 1, (ulong)trial.Number) - (0.01 * rung);

        private double Draw() => CounterRandom.Uniform(seed, 2, _draws++);

        private void Observe(Action<IScheduler> observation)
        {
            observation(_scheduler);
            Observations.Add(observation);
        }
    }
}
