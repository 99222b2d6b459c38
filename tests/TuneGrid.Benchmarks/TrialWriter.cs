using TuneGrid.Coordination;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;
using TuneGrid.Simulation;

namespace TuneGrid.Benchmarks;

/// <summary>
/// Proposes and reports trials of one study as a silo does, without training: a renewal each, and an append of its report and the next
/// one's lease, decided on what the ledger says.
/// </summary>
internal sealed class TrialWriter(IStudyStore store, StudyId study, int seed)
{
    private static readonly DateTimeOffset At = DateTimeOffset.UnixEpoch;
    private static readonly CorpusReference Corpus = new("storybook", new string('c', 64));
    private static readonly ArtifactHash Checkpoint = new(new string('a', 64));
    private static readonly HardwareClass Class = new("bench/1of1/reference/1g");

    private readonly Random _random = new(seed);
    private readonly SiloId _silo = new(FormattableString.Invariant($"bench-{Environment.ProcessId}-{seed}"));
    private long _sequence;
    private int _trials;

    /// <summary>Decisions made in vain, because somebody else appended first.</summary>
    public int Conflicts { get; private set; }

    public async Task CreateAsync()
    {
        if (await store.TryAppendAsync(
            new(study, 0, [new StudyCreated(At, study.Value, "{}", Corpus, null)], [], Summary(0)), CancellationToken.None))
            _sequence = 1;
    }

    public async Task RunTrialsAsync(int trials)
    {
        var (trial, fence) = await AppendAsync(Propose);
        for (var left = trials - 1; left >= 0; left--)
        {
            var progress = new SegmentProgress(6, 12, 6, 1000, 100, 2.5);
            if (await store.RenewAsync(study, trial, fence, TimeSpan.FromMinutes(1), progress, CancellationToken.None) == LeaseRenewal.Lost)
                throw new InvalidOperationException($"lost the lease of {trial}");
            (trial, fence) = await AppendAsync(() => left > 0 ? ReportAndPropose(trial, fence) : Report(trial, fence));
        }
    }

    /// <summary>Whole trials in one append, to fill a store quickly.</summary>
    public async Task WriteManyAsync(int trials)
    {
        var events = new List<StudyEvent>();
        for (var i = 0; i < trials; i++)
        {
            var (proposal, trial, fence) = Propose();
            events.AddRange([.. proposal.Events, .. Report(trial, fence).Item1.Events]);
            _trials++;
        }
        if (!await store.TryAppendAsync(new(study, _sequence, events, [], Summary(_trials)), CancellationToken.None))
            throw new InvalidOperationException("somebody else writes this study");
        _sequence += events.Count;
    }

    private async Task<(TrialId Trial, Fence Fence)> AppendAsync(Func<(Commit Commit, TrialId Trial, Fence Fence)> decide)
    {
        (Commit Commit, TrialId Trial, Fence Fence)? mine = null;
        Conflicts--;
        await store.TakeTurnAsync(study, _sequence, (missed, _) =>
        {
            Conflicts++;
            Applied([.. missed.Select(e => e.Event)]);
            mine = decide();
            return mine.Value.Commit;
        }, CancellationToken.None);
        var (commit, trial, fence) = mine ?? throw new InvalidOperationException("the store never asked");
        Applied(commit.Events);
        return (trial, fence);
    }

    private void Applied(IReadOnlyList<StudyEvent> events)
    {
        _sequence += events.Count;
        _trials += events.Count(e => e is TrialProposed);
    }

    private (Commit, TrialId, Fence) Propose()
    {
        var (trial, fence) = (new TrialId(_trials), new Fence(_sequence + 2));
        var configuration = new Configuration([.. Enumerable.Range(0, 8)
            .Select(i => new KeyValuePair<string, ParameterValue>($"parameter_{i}", ParameterValue.Of(_random.NextDouble())))]);
        StudyEvent[] events =
            [new TrialProposed(At, trial, Class, 0, configuration, null), new SegmentLeased(At, trial, 0, fence, _silo, 0, 0, 12, null)];
        var lease = new LeaseChange.Grant(trial, fence, _silo, TimeSpan.FromMinutes(1));
        return (new(study, _sequence, events, [lease], Summary(_trials + 1)), trial, fence);
    }

    private (Commit, TrialId, Fence) Report(TrialId trial, Fence fence)
    {
        var result = new SegmentResult(1 + _random.NextDouble(), 5, 12.01, 12.01, 50_000, 400, 4_000, 1_000_000, 2.5, Checkpoint, null);
        StudyEvent[] events = [new RungReached(At, trial, 0, fence, 0, result), new TrialCompleted(At, trial, result)];
        return (new(study, _sequence, events, [new LeaseChange.Release(trial)], Summary(_trials)), trial, fence);
    }

    private (Commit, TrialId, Fence) ReportAndPropose(TrialId trial, Fence fence)
    {
        var report = Report(trial, fence).Item1;
        _sequence += report.Events.Count;
        var (propose, next, lease) = Propose();
        _sequence -= report.Events.Count;
        return (
            new(study, _sequence, [.. report.Events, .. propose.Events], [.. report.Leases, .. propose.Leases], propose.Summary),
            next, lease);
    }

    private StudySummary Summary(int trials) => new(study, study.Value, StudyStatus.Running, Corpus, At, At, trials, 0, []);
}
