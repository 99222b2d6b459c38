using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Coordination.Work;
using TuneGrid.Search.Scheduling;
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
    private readonly SiloDescription _silo = new(new("silo"), new("class"), "host", 1, 1, 1 << 30, default, SiloActivity.Idle, "");

    public ArtifactSweepTests() => _coordinator = new(_store, TestSpace.Plan, new(), TimeProvider.System);

    private ArtifactSweep Sweep => new(_store, _artifacts, TestSpace.Plan);

    [Fact]
    public async Task A_study_that_has_ended_keeps_its_champions_model_alone()
    {
        var study = await LaunchAsync(3);
        while (await TrainAsync(study))
        {
        }
        var model = (await StudyAsync(study)).Champions.Values.Single().Result.Model!.Value;
        Assert.True(_artifacts.Count > 1);
        await Sweep.AfterStudyAsync(study, None);
        Assert.Equal([model], await _artifacts.ListAsync(TimeSpan.Zero, None));
    }

    [Fact]
    public async Task A_study_that_runs_keeps_what_it_may_go_on_from()
    {
        var study = await LaunchAsync(9);
        for (var i = 0; i < 3; i++)
            Assert.True(await TrainAsync(study));
        var stray = await _artifacts.PutAsync("written and never recorded", None);
        Assert.Equal(0, await Sweep.AfterStudyAsync(study, None));
        Assert.Equal(1, await Sweep.WholeStoreAsync(TimeSpan.Zero, None));
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
        Assert.Equal(0, await Sweep.AfterStudyAsync(study, None));
        Assert.Equal(0, await Sweep.WholeStoreAsync(TimeSpan.Zero, None));
        Assert.All((await StudyAsync(study)).Trials, t => Assert.True(_artifacts.Holds(t.LastCheckpoint!.Hash)));
    }

    [Fact]
    public async Task What_another_study_crowned_stays()
    {
        var (first, second) = (await LaunchAsync(1), await LaunchAsync(3));
        while (await TrainAsync(first) || await TrainAsync(second))
        {
        }
        await Sweep.AfterStudyAsync(second, None);
        Assert.True(_artifacts.Holds((await StudyAsync(first)).Champions.Values.Single().Result.Model!.Value));
    }

    [Fact]
    public async Task While_a_study_cannot_be_read_what_nobody_else_has_done_with_stays()
    {
        var over = await LaunchAsync(3);
        while (await TrainAsync(over))
        {
        }
        var broken = await StudyLauncher.CreateAsync(
            _store, new("broken", "garbage", TestSpace.Corpus, null, default), new Random(1), None);
        var perhapsItsOwn = await _artifacts.PutAsync("spoken of by no study that can be read", None);
        var setAside = new List<LedgerCorruptException>();
        var sweep = new ArtifactSweep(_store, _artifacts, TestSpace.Plan) { SetAside = setAside.Add };
        Assert.True(await sweep.WholeStoreAsync(TimeSpan.Zero, None) > 0);
        Assert.Equal(broken, Assert.Single(setAside).Study);
        var model = (await StudyAsync(over)).Champions.Values.Single().Result.Model!.Value;
        Assert.Equal(
            new[] { model, perhapsItsOwn }.OrderBy(h => h.Hex),
            (await _artifacts.ListAsync(TimeSpan.Zero, None)).OrderBy(h => h.Hex));
    }

    private Task<StudyId> LaunchAsync(int trials) => StudyLauncher.CreateAsync(
        _store, new("test", TestSpace.Json(trials, 2), TestSpace.Corpus, null, default), new Random(trials), None);

    private async Task<StudyState> StudyAsync(StudyId study) =>
        StudyState.Replay(study, TestSpace.Plan, await _store.ReadAsync(study, 0, None));

    /// <summary>
    /// One segment, recorded and not pruned. False if the study has none left. Both studies' trials of one number write the same bytes.
    /// </summary>
    private async Task<bool> TrainAsync(StudyId study)
    {
        if ((await _coordinator.AskAsync(study, new(_silo, true, new("token")), None)).Work is not { } work)
            return false;
        var model = work.IsLast ? await _artifacts.PutAsync($"model {work.Trial}", None) : (ArtifactHash?)null;
        var checkpoint = await _artifacts.PutAsync($"checkpoint {work.Trial} {work.Rung}", None);
        // The last trial is the best, so that the first one's model is no champion where there are more.
        var result = new SegmentResult(10 - work.Trial.Number, 2, work.ToAmount, work.ToAmount, 1, 1, 1, 1, 1, checkpoint, model);
        Assert.True((await _coordinator.ReportAsync(work, new SegmentOutcome.Reached(result), null, None)).IsRecorded);
        return true;
    }
}
