using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Replaying;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Tests.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;
using TuneGrid.Simulation;

namespace TuneGrid.Coordination.Tests.Replaying;

/// <summary>Ledgers of a cluster in which everything goes wrong are decided again; a changed one is found out.</summary>
public sealed class DecisionReplayTests
{
    private const int Seeds = 60;

    public static TheoryData<string> Changes => [.. Tampering.Keys];

    [Fact]
    public void Every_decision_of_a_misbehaving_cluster_is_reproduced()
    {
        var kinds = new HashSet<string>();
        for (var seed = 0; seed < Seeds; seed++)
        {
            var ledger = new Cluster(seed, Survival.PlanFor(seed)).Run();

            var report = Run(ledger);

            Assert.True(report.Difference is null, $"seed {seed}: {report.Difference}");
            Assert.Equal(ledger.Count, report.Events);
            Assert.Equal(ledger.Count, report.Decisions + report.Inputs);
            Assert.Equal(0, report.Unchecked);
            kinds.UnionWith(report.Reproduced.Keys);
        }
        Assert.Superset(
            new HashSet<string>
            {
                "trial_proposed", "trial_promoted", "segment_leased", "rung_reached", "trial_completed", "trial_failed", "lease_expired",
                "trial_released", "trial_paused", "segment_disturbed", "checkpoint_lost", "study_completed",
            },
            kinds);
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_changed_ledger_is_found_out_at_its_first_event(string change)
    {
        var found = 0;
        for (var seed = 0; seed < 10; seed++)
        {
            var ledger = new Cluster(seed, Survival.PlanFor(seed)).Run().ToList();
            var index = ledger.FindIndex(e => Tampering[change](e.Event) is not null);
            if (index < 0)
                continue;
            ledger[index] = ledger[index] with { Event = Tampering[change](ledger[index].Event)! };

            var difference = Run(ledger).Difference;

            Assert.NotNull(difference);
            Assert.Equal(ledger[index], new RecordedEvent(difference.Sequence, difference.Recorded));
            Assert.NotEqual(difference.Recorded, difference.Expected);
            found++;
        }
        Assert.NotEqual(0, found);
    }

    [Fact]
    public void Whoever_is_promoted_in_anothers_place_is_found_out()
    {
        var ledger = new Cluster(3, Survival.PlanFor(3) with { Rungs = 3, Trials = 27, Scheduler = SchedulerType.Asha }).Run().ToList();
        var index = ledger.FindLastIndex(e => e.Event is TrialPromoted);
        var promoted = (TrialPromoted)ledger[index].Event;
        var state = StudyState.Replay(new("test"), TestSpace.Plan, ledger.Take(index));
        var other = state.Trials.First(t => t.Phase is TrialPhase.AtRung at && at.Rung < promoted.ToRung
            && t.Id != promoted.Trial && t.Class == state.Trial(promoted.Trial).Class);
        ledger[index] = ledger[index] with { Event = promoted with { Trial = other.Id } };

        var difference = Run(ledger).Difference;

        Assert.Equal(index + 1, difference?.Sequence);
        Assert.Equal(promoted.Trial, Assert.IsType<TrialPromoted>(difference?.Expected).Trial);
    }

    [Fact]
    public void A_study_called_complete_too_early_is_found_out()
    {
        var ledger = new Cluster(4, Survival.PlanFor(4) with { Classes = 1, Trials = 20 }).Run().ToList();
        var index = ledger.FindIndex(e => e.Event is TrialPromoted or TrialProposed { Trial.Number: 3 });
        var early = ledger[..index].Append(new(index + 1, new StudyCompleted(ledger[index].Event.At))).ToList();

        var difference = Run(early).Difference;

        Assert.Equal(index + 1, difference?.Sequence);
        Assert.Null(difference?.Expected);
    }

    [Fact]
    public void An_older_releases_ledger_replays_as_far_as_it_tells()
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var plan = Survival.PlanFor(seed) with { Finalists = null };
            var ledger = new Cluster(seed, plan).Run().Select(e => e with { Event = Older(e.Event) }).ToList();

            var report = Run(ledger);

            Assert.True(report.Difference is null, $"seed {seed}: {report.Difference}");
            Assert.Equal(ledger.Count, report.Decisions + report.Inputs + report.Unchecked);
            Assert.Equal(ledger.Count(e => e.Event is TrialProposed), report.Reproduced["trial_proposed"]);

            var index = ledger.FindIndex(e => e.Event is TrialProposed);
            ledger[index] = ledger[index] with { Event = Tampering["configuration"](ledger[index].Event)! };
            Assert.Equal(index + 1, Run(ledger).Difference?.Sequence);
        }
    }

    [Fact]
    public void What_people_ask_for_follows_from_no_rule()
    {
        var grid = new Grid(TestSpace.Json(3, 2));
        grid.Append(Requests.Enqueue(grid.State, Configuration.Empty.With("number", ParameterValue.Of(77L)), default).Events);
        Finish(grid);
        grid.Append(Requests.Extend(grid.State, 6, default).Events);
        Finish(grid);

        var report = Run(grid.Ledger);

        Assert.Null(report.Difference);
        Assert.Equal(3, report.Inputs);
        Assert.Equal(7, report.Reproduced["trial_proposed"]);
        Assert.Equal(2, report.Reproduced["study_completed"]);
    }

    private static void Finish(Grid grid)
    {
        for (var score = 1; ; score++)
        {
            var decision = grid.Decide("a");
            grid.Append(decision.Events);
            if (decision is WorkDecision.Finished)
                return;
            if (decision is WorkDecision.Run run)
                grid.Reach(run, score);
        }
    }

    /// <summary>As releases wrote it that drew at random only, and knew no tokens and hosts.</summary>
    private static StudyEvent Older(StudyEvent change) => change switch
    {
        TrialProposed e => e with { Why = null },
        SegmentLeased e => e with { Token = null, Host = null },
        _ => change,
    };

    private static Dictionary<string, Func<StudyEvent, StudyEvent?>> Tampering { get; } = new()
    {
        ["configuration"] = e => e is TrialProposed p
            ? p with { Configuration = p.Configuration.With("number", ParameterValue.Of(4711L)) } : null,
        ["why"] = e => e is TrialProposed p ? p with { Why = new("start") } : null,
        ["rank"] = e => e is TrialPromoted p ? p with { Why = p.Why with { Rank = p.Why.Rank + 1 } } : null,
        ["cutoff"] = e => e is TrialPromoted p ? p with { Why = p.Why with { Cutoff = Math.BitIncrement(p.Why.Cutoff) } } : null,
        ["from"] = e => e is SegmentLeased { Segment: 0 } l ? l with { FromAmount = 1 } : null,
        ["reached"] = e => e is RungReached { Result.Amount: var amount } r
            ? r with { Result = r.Result with { Amount = amount + 1000 } } : null,
    };

    private static ReplayReport Run(IReadOnlyList<RecordedEvent> ledger) => DecisionReplay.Run(new("test-aaaa"), TestSpace.Plan, ledger);
}
