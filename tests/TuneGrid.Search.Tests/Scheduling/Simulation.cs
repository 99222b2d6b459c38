using TuneGrid.Search.Randomness;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Tests.Scheduling;

/// <summary>Silos that take work, report in random order, and sometimes fail.</summary>
internal sealed class Simulation(SearchSpace space, int silos, ulong seed, double failShare)
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

    public List<PromotionReason> Reasons { get; } = [];

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
                Reasons.Add(promote.Why);
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
