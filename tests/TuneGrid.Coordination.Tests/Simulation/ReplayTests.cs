using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Space;
using TuneGrid.Simulation.Tables;

namespace TuneGrid.Coordination.Tests.Simulation;

public class ReplayTests
{
    private static readonly ReplayOptions Asha = new(SamplerType.Random, SchedulerType.Asha, 4, 30, 1);

    [Fact]
    public void Regret_is_that_of_what_looked_best_by_each_deadline()
    {
        var log = new RegretLog(new(1, 2, 4), [10, 20]);

        log.Scored(5, double.NaN, double.NaN, isFull: true);
        Assert.Equal(new Regret(null, null), log.At(0));
        log.Scored(10, 7, 9, isFull: false);
        log.Scored(10.5, 6, 8, isFull: true);
        log.Scored(11, 6, 7, isFull: false);
        log.Scored(21, 1, 1, isFull: true);

        Assert.Equal(new Regret(2, null), log.At(0));
        Assert.Equal(new Regret(1.5, 1.5), log.At(1));
    }

    [Fact]
    public void One_silo_sees_each_row_once_before_it_sees_one_again()
    {
        // Six rows of three epochs, at one or two seconds an epoch: a budget of mean trainings is 4.5 s each.
        var table = TableTexts.Table(6, 3);
        var (report, events) = Run(table, Asha with { Scheduler = SchedulerType.Random, Workers = 1, Trainings = 12 });

        var proposed = events.OfType<TrialProposed>().Select(e => (int)e.Configuration["width"].Number).ToList();
        Assert.Equal(Enumerable.Range(0, 6), proposed.Take(6).Order());
        Assert.Equal(Enumerable.Range(0, 6), proposed.Skip(6).Take(6).Order());
        Assert.Equal(new Regret(0, 0), report.Whole);
        // At the fifth, 10.8 s, what was seen so far is known from the order alone.
        var (seconds, any, full) = (0.0, double.PositiveInfinity, double.PositiveInfinity);
        foreach (var row in proposed.TakeWhile(_ => seconds < 10.8))
        {
            for (var epoch = 1; epoch <= 3; epoch++)
            {
                seconds += 1 + (row % 2);
                var score = 1 + (row / 10.0) + (1.0 / epoch);
                any = seconds <= 10.8 ? Math.Min(any, score) : any;
                full = seconds <= 10.8 && epoch == 3 ? Math.Min(full, score) : full;
            }
        }
        var unit = 0.3;
        Assert.Equal((any - (4.0 / 3)) / unit, report.Fifth.Any!.Value, 9);
        Assert.Equal((full - (4.0 / 3)) / unit, report.Fifth.Full!.Value, 9);
    }

    [Fact]
    public void Rungs_begin_at_the_second_epoch_and_a_promoted_trial_goes_on_where_it_stood()
    {
        var (_, events) = Run(TableTexts.Table(40, 52), Asha);

        var reached = events.OfType<RungReached>().ToList();
        Assert.Equal([2, 6, 18, 52], reached.Select(e => e.Result.Amount).Distinct().Order());
        var climbed = reached.GroupBy(e => e.Trial).First(g => g.Count() == 2).OrderBy(e => e.Rung).ToList();
        Assert.Equal([3.0, 4, 5, 6], climbed[1].Result.Curve!.Select(p => p.Amount));
        var lease = events.OfType<SegmentLeased>().Single(e => e.Fence == climbed[1].Fence);
        Assert.Equal(climbed[1].Result.TrainingSeconds - climbed[0].Result.TrainingSeconds, (climbed[1].At - lease.At).TotalSeconds, 6);
    }

    [Fact]
    public void What_diverges_fails_when_it_does_so()
    {
        var (report, events) = Run(TableTexts.Table(40, 27, diverging: 4), Asha);

        var failed = events.OfType<TrialFailed>().ToList();
        Assert.Equal(report.Failed, failed.Count);
        Assert.NotEmpty(failed);
        Assert.All(failed, f => Assert.Equal(FailureKind.Diverged, f.Kind));
        var lease = events.OfType<SegmentLeased>().First(e => e.Trial == failed[0].Trial);
        var epoch = 1 + ((int)events.OfType<TrialProposed>().First(e => e.Trial == failed[0].Trial).Configuration["width"].Number % 2);
        Assert.Equal(3 * epoch, (failed[0].At - lease.At).TotalSeconds, 6);
    }

    [Theory]
    [InlineData(SchedulerType.Asha)]
    [InlineData(SchedulerType.SuccessiveHalving)]
    [InlineData(SchedulerType.Hyperband)]
    [InlineData(SchedulerType.Random)]
    public void The_same_search_has_the_same_ledger_and_another_seed_another(SchedulerType scheduler)
    {
        var table = TableTexts.Table(40, 27, diverging: 7);
        var options = Asha with { Scheduler = scheduler, SlowSpeed = 0.3, ChurnSeconds = 40 };

        var (report, events) = Run(table, options);

        Assert.Equal(events, Run(table, options).Events);
        Assert.NotEqual(events, Run(table, options with { Seed = 2 }).Events);
        Assert.NotNull(report.Whole.Any);
    }

    [Fact]
    public void A_slow_silo_takes_as_much_longer()
    {
        var (_, events) = Run(TableTexts.Table(40, 27), Asha with { SlowSpeed = 0.25, Scheduler = SchedulerType.Random });

        var seconds = events.OfType<TrialCompleted>().Join(events.OfType<SegmentLeased>(), c => c.Trial, l => l.Trial, (c, l) =>
            (l.Silo, Ratio: (c.At - l.At).TotalSeconds / c.Result.TrainingSeconds)).ToLookup(t => t.Silo.Value, t => t.Ratio);
        Assert.All(seconds["silo0"], ratio => Assert.Equal(1, ratio, 6));
        Assert.All(seconds["silo2"], ratio => Assert.Equal(4, ratio, 6));
        Assert.NotEmpty(seconds["silo2"]);
    }

    [Fact]
    public void What_a_silo_leaves_behind_is_continued_by_another_once_its_lease_has_run_out()
    {
        var (_, events) = Run(TableTexts.Table(60, 81), Asha with { ChurnSeconds = 50, Trainings = 60 });

        var expired = events.OfType<LeaseExpired>().ToList();
        Assert.NotEmpty(expired);
        foreach (var loss in expired)
        {
            var leases = events.OfType<SegmentLeased>().Where(l => l.Trial == loss.Trial).ToList();
            var lost = leases.FindIndex(l => l.Fence == loss.Fence);
            if (lost + 1 == leases.Count)
                continue;
            Assert.NotEqual(leases[lost].Silo, leases[lost + 1].Silo);
            Assert.Equal(leases[lost].FromAmount, leases[lost + 1].FromAmount);
        }
        Assert.Contains(events.OfType<RungReached>(), r => expired.Exists(e => e.Trial == r.Trial && e.Fence.Value < r.Fence.Value));
    }

    [Fact]
    public void Finalists_see_the_repeats_that_they_have_not_seen_and_the_champion_is_the_best_mean()
    {
        // Row 0 is the best in its first run, and the worst on average.
        var table = TableTexts.Read("""
            config,a,repeat,epoch,time_s,val_cross_entropy
            0,1,0,1,1,1
            0,1,1,1,1,9
            0,1,2,1,1,9
            1,2,0,1,1,4
            1,2,1,1,1,4
            1,2,2,1,1,4.5
            2,3,0,1,1,5
            2,3,1,1,1,5
            2,3,2,1,1,5
            """);
        var options = Asha with { Scheduler = SchedulerType.Random, Workers = 1, Trials = 3 };
        // A seed under which row 0 is the first trial, and so sees its lucky repeat.
        var lucky = Enumerable.Range(0, 50).Select(s => options with { Seed = (ulong)s }).First(o =>
            Run(table, o).Events.OfType<TrialProposed>().First().Configuration["a"].Number.Equals(1.0));

        var (alone, _) = Run(table, lucky);
        var (again, events) = Run(table, lucky with { Finalists = new(2, 2) });

        Assert.False(alone.Champion!.IsBest);
        Assert.Equal(new ReplayChampion(0, true), again.Champion);
        var runs = events.OfType<TrialProposed>().Where(p => p.RepeatOf?.Number == 0).Select(p => p.Trial).ToList();
        Assert.Equal([9.0, 9.0], events.OfType<RungReached>().Where(r => runs.Contains(r.Trial)).Select(r => r.Result.BitsPerByte));
    }

    [Fact]
    public void A_search_that_its_budget_ends_has_named_no_champion() =>
        Assert.Null(Run(TableTexts.Table(40, 27), Asha).Report.Champion);

    private static (ReplayReport Report, List<StudyEvent> Events) Run(CurveTable table, ReplayOptions options)
    {
        var events = new List<StudyEvent>();
        return (Replay.Run(table, options, e => events.Add(e.Event)), events);
    }
}
