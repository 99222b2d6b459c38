using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Coordination.Work;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;
using TuneGrid.Simulation;
using TuneGrid.Simulation.Stores;

namespace TuneGrid.Coordination.Tests.Work;

/// <summary>A study whose silo recorded everything and pruned nothing, as one that always dies in between.</summary>
public sealed class ArtifactSweepTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly InMemoryStudyStore _store = new(TimeProvider.System);
    private readonly InMemoryArtifactStore _artifacts = new();
    private readonly LedgerCoordinator _coordinator;
    private int _studies;
    private readonly SiloDescription _silo = new(new("silo"), new("class"), "host", 1, 1, 1 << 30, default, SiloActivity.Idle, "");

    public ArtifactSweepTests() => _coordinator = new(_store, TestSpace.Plan, new(), TimeProvider.System);

    private ArtifactSweep Sweep => new(_store, _artifacts, TestSpace.Plan, ownsArtifacts: true);

    [Theory]
    [InlineData(Retention.Champion, "checkpoint t8 1|model t8")]
    [InlineData(Retention.Finalists, "checkpoint t2 1|checkpoint t5 1|checkpoint t8 1|model t2|model t5|model t8")]
    public async Task A_study_that_has_ended_keeps_what_its_space_says(Retention keep, string expected)
    {
        var study = await LaunchAsync(9, keep);
        await TrainToTheEndAsync(study);
        await Sweep.TidyAsync(None);
        Assert.Equal(expected.Split('|'), Left);
    }

    [Fact]
    public async Task A_study_that_keeps_all_loses_nothing_at_its_end()
    {
        var study = await LaunchAsync(9, Retention.All);
        await TrainToTheEndAsync(study);
        var before = Left;
        Assert.Equal(0, (await Sweep.TidyAsync(None)).Deleted.Count);
        Assert.Equal(before, Left);
        Assert.Equal(9 + (2 * 3), before.Length);
    }

    [Fact]
    public async Task What_is_kept_is_told_with_its_size()
    {
        var study = await LaunchAsync(3);
        await TrainToTheEndAsync(study);
        await Sweep.TidyAsync(None);
        Assert.Equal(new(2, "checkpoint t2 1".Length + "model t2".Length), await Sweep.KeptAsync(study, None));
    }

    [Fact]
    public async Task A_cancelled_study_keeps_its_finalists_alone()
    {
        var study = await LaunchAsync(9);
        for (var i = 0; i < 5; i++)
            Assert.True(await TrainAsync(study));
        Assert.Contains("model t2", Left);
        Assert.True(await new StudyFollower(_store, study, TestSpace.Plan).CancelAsync("enough", None));
        await Sweep.TidyAsync(None);
        Assert.Equal(["checkpoint t2 1", "model t2"], Left);
    }

    [Fact]
    public async Task The_end_of_one_study_leaves_what_another_keeps_of_the_same_bytes()
    {
        var (first, second) = (await LaunchAsync(9, Retention.All), await LaunchAsync(9, Retention.Champion));
        await TrainToTheEndAsync(first);
        var before = Left;
        await TrainToTheEndAsync(second);
        await Sweep.TidyAsync(None);
        Assert.Equal(before, Left);
    }

    [Fact]
    public async Task A_checkpoint_that_another_study_goes_on_from_is_not_pruned()
    {
        var (first, second) = (await LaunchAsync(9), await LaunchAsync(9));
        Assert.True(await TrainAsync(first) && await TrainAsync(second));
        var shared = (await StudyAsync(second)).Trials[0].LastCheckpoint!.Hash;
        await Sweep.PruneAsync(first, [shared], None);
        Assert.True(_artifacts.Holds(shared));
    }

    /// <summary>A model of the same configuration and seed is the same bytes: another study's silo may have stored it just now.</summary>
    [Fact]
    public async Task What_a_silo_may_be_about_to_record_for_another_study_is_left_alone()
    {
        var (first, second) = (await LaunchAsync(3), await LaunchAsync(3));
        await TrainToTheEndAsync(first);
        var work = (await _coordinator.AskAsync(second, new(_silo, true, new("token")), None)).Work!;
        var stored = await _artifacts.PutAsync($"checkpoint {work.Trial} {work.Rung}", None);
        await Sweep.TidyAsync(None);
        Assert.True(_artifacts.Holds(stored));
        Assert.DoesNotContain("checkpoint t1 0", Left);
    }

    [Fact]
    public async Task What_no_ledger_names_stays_while_a_silo_trains_and_where_another_store_may_have_put_it()
    {
        var study = await LaunchAsync(3);
        await _artifacts.PutAsync("nobody's", None);
        await new ArtifactSweep(_store, _artifacts, TestSpace.Plan, ownsArtifacts: false).TidyAsync(None);
        Assert.Contains("nobody's", Left);
        var work = (await _coordinator.AskAsync(study, new(_silo, true, new("token")), None)).Work!;
        await Sweep.TidyAsync(None);
        Assert.Contains("nobody's", Left);
        await _coordinator.ReportAsync(work, new SegmentOutcome.Stopped(0, null), null, None);
        await Sweep.TidyAsync(None);
        Assert.DoesNotContain("nobody's", Left);
    }

    [Fact]
    public async Task A_damaged_study_keeps_all_that_it_names_and_the_others_are_tidied()
    {
        var (broken, sound) = (await LaunchAsync(3, Retention.All), await LaunchAsync(3));
        await TrainToTheEndAsync(broken, "broken ");
        await TrainToTheEndAsync(sound);
        var named = Left.Where(p => p.StartsWith("broken", StringComparison.Ordinal)).ToArray();
        await _artifacts.PutAsync("nobody's", None);
        var sweep = new ArtifactSweep(
            _store, _artifacts, json => json.Contains("All") ? throw new ArgumentException("newer") : TestSpace.Plan(json), true);
        Assert.Equal(broken, Assert.Single((await sweep.TidyAsync(None)).Damaged).Study);
        Assert.Contains("nobody's", Left);
        Assert.Equal(["checkpoint t2 1", "model t2"], Left.Except(named).Except(["nobody's"]));
        Assert.Empty(named.Except(Left));
    }

    [Fact]
    public async Task A_study_that_runs_keeps_what_it_may_go_on_from()
    {
        var study = await LaunchAsync(9);
        for (var i = 0; i < 3; i++)
            Assert.True(await TrainAsync(study));
        var stray = await _artifacts.PutAsync("written and never recorded", None);
        Assert.Equal(new(1, "written and never recorded".Length), (await Sweep.WholeStoreAsync(TimeSpan.Zero, None)).Deleted);
        Assert.False(_artifacts.Holds(stray));
        Assert.All((await StudyAsync(study)).Trials.Where(t => !t.IsOver), t => Assert.True(_artifacts.Holds(t.LastCheckpoint!.Hash)));
    }

    [Fact]
    public async Task A_paused_study_keeps_what_it_will_go_on_from()
    {
        var study = await LaunchAsync(9);
        for (var i = 0; i < 3; i++)
            Assert.True(await TrainAsync(study));
        Assert.True(await new StudyFollower(_store, study, TestSpace.Plan).PauseAsync("lunch", None));
        Assert.Equal(0, (await Sweep.TidyAsync(None)).Deleted.Count);
        Assert.Equal(0, (await Sweep.WholeStoreAsync(TimeSpan.Zero, None)).Deleted.Count);
        Assert.All((await StudyAsync(study)).Trials, t => Assert.True(_artifacts.Holds(t.LastCheckpoint!.Hash)));
    }

    private string[] Left => [.. _artifacts.Paths.Order(StringComparer.Ordinal)];

    private Task<StudyId> LaunchAsync(int trials, Retention keep = Retention.Finalists) => StudyLauncher.CreateAsync(
        _store, new("test", TestSpace.Json(trials, 2, keep: keep), TestSpace.Corpus, null, default), new Random(_studies++), None);

    private async Task TrainToTheEndAsync(StudyId study, string prefix = "")
    {
        while (await TrainAsync(study, prefix))
        {
        }
        Assert.Equal(StudyStatus.Completed, (await StudyAsync(study)).Status);
    }

    [Fact]
    public async Task While_a_study_cannot_be_read_what_no_study_names_stays()
    {
        var over = await LaunchAsync(3);
        await TrainToTheEndAsync(over);
        var broken = await StudyLauncher.CreateAsync(
            _store, new("broken", "garbage", TestSpace.Corpus, null, default), new Random(1), None);
        await _artifacts.PutAsync("spoken of by no study that can be read", None);
        var swept = await Sweep.WholeStoreAsync(TimeSpan.Zero, None);
        Assert.Equal(broken, Assert.Single(swept.Damaged).Study);
        Assert.Equal(["checkpoint t2 1", "model t2", "spoken of by no study that can be read"], Left);
    }

    private async Task<StudyState> StudyAsync(StudyId study) =>
        StudyState.Replay(study, TestSpace.Plan, await _store.ReadAsync(study, 0, None));

    /// <summary>
    /// One segment, recorded and not pruned. False if the study has none left. Both studies' trials of one number write the same bytes.
    /// </summary>
    private async Task<bool> TrainAsync(StudyId study, string prefix = "")
    {
        if ((await _coordinator.AskAsync(study, new(_silo, true, new("token")), None)).Work is not { } work)
            return false;
        var model = work.IsLast ? await _artifacts.PutAsync($"{prefix}model {work.Trial}", None) : (ArtifactHash?)null;
        var checkpoint = await _artifacts.PutAsync($"{prefix}checkpoint {work.Trial} {work.Rung}", None);
        // The last trial is the best, so that the first one's model is no champion where there are more.
        var result = new SegmentResult(10 - work.Trial.Number, 2, work.ToAmount, work.ToAmount, 1, 1, 1, 1, 1, checkpoint, model);
        Assert.True((await _coordinator.ReportAsync(work, new SegmentOutcome.Reached(result), null, None)).IsRecorded);
        return true;
    }
}
