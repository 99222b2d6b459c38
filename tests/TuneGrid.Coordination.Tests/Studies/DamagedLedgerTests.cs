using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Simulation;

namespace TuneGrid.Coordination.Tests.Studies;

public sealed class DamagedLedgerTests
{
    private static readonly IReadOnlyList<RecordedEvent> Good = Whole();

    [Fact]
    public void A_good_ledger_folds() => Assert.Equal(StudyStatus.Completed, StudyState.Replay(new("x"), TestSpace.Plan, Good).Status);

    [Property]
    public Property A_missing_event_is_noticed_at_its_place() => Prop.ForAll(Gen.Choose(1, Good.Count - 1).ToArbitrary(), missing =>
    {
        var exception = Assert.Throws<LedgerCorruptException>(
            () => StudyState.Replay(new("x"), TestSpace.Plan, Good.Where((_, i) => i != missing - 1)));
        Assert.Equal(missing + 1, exception.Sequence);
    });

    [Property]
    public Property An_event_written_over_by_another_is_noticed_or_harmless() => Prop.ForAll(
        Gen.Choose(0, Good.Count - 2).ToArbitrary(), Gen.Choose(0, Good.Count - 2).ToArbitrary(), (at, from) =>
        {
            if (at == from || Equals(Good[at].Event, Good[from].Event))
                return;
            var damaged = Good.Select((e, i) => i == at ? e with { Event = Good[from].Event } : e);
            Assert.Throws<LedgerCorruptException>(() => StudyState.Replay(new("x"), TestSpace.Plan, damaged));
        });

    [Fact]
    public void A_promotion_cannot_be_recorded_twice()
    {
        var grid = new Grid(TestSpace.Json(3));
        while (grid.Ledger[^1].Event is not SegmentLeased { Rung: 1 })
            Work(grid);
        var promoted = grid.Ledger.Select(e => e.Event).OfType<TrialPromoted>().Single();
        var exception = Assert.Throws<LedgerCorruptException>(() => grid.Append([promoted]));
        Assert.Equal(grid.State.Sequence + 1, exception.Sequence);
    }

    [Fact]
    public void A_space_that_cannot_be_read_is_named()
    {
        var exception = Assert.Throws<LedgerCorruptException>(() => new Grid("garbage"));
        Assert.Contains("not a test space", exception.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<RecordedEvent> Whole()
    {
        var grid = new Grid(TestSpace.Json(9));
        while (grid.State.Status == StudyStatus.Running)
            Work(grid);
        return grid.Ledger;
    }

    /// <summary>Leaves the grid with a fresh lease if there is more to do.</summary>
    private static void Work(Grid grid)
    {
        foreach (var trial in grid.State.Trials.Where(t => t.Phase is TrialPhase.Running).ToList())
        {
            var fence = ((TrialPhase.Running)trial.Phase).Fence;
            grid.Reach(new([], [], trial.Id, fence), 1 + (trial.Id.Number * 7 % 10));
        }
        grid.Append(grid.Decide("a").Events);
    }
}
