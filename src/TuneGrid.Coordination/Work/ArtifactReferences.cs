using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Space;

namespace TuneGrid.Coordination.Work;

/// <summary>What decides a trial's bytes: where two studies have such a trial in common, they may share its artifacts.</summary>
internal readonly record struct Twin(Configuration Configuration, ulong Seed);

/// <summary>What one study makes of the store's artifacts.</summary>
/// <param name="Needed">What is to stay for it.</param>
/// <param name="Mentioned">Every artifact that its ledger names, and whose it is.</param>
/// <param name="InTraining">Trials that a silo trains now: it may store what the ledger does not name yet.</param>
/// <param name="Damage">Why its ledger can't be read to the end, and nobody knows all that it needs; null if it can.</param>
internal sealed record StudyArtifacts(
    StudyId Study, IReadOnlySet<ArtifactHash> Needed, IReadOnlyDictionary<ArtifactHash, Twin> Mentioned,
    IReadOnlySet<Twin> InTraining, LedgerCorruptException? Damage);

/// <summary>Reads what studies need, each ledger once: of those that are open later only what is new. Not thread-safe.</summary>
internal sealed class ArtifactReferences(IStudyStore store, SearchPlanner planner)
{
    private static readonly HashSet<Twin> None = [];
    private static readonly HashSet<ArtifactHash> Nothing = [];
    private static readonly Dictionary<ArtifactHash, Twin> Unnamed = [];
    private readonly Dictionary<StudyId, StudyLedger> _ledgers = [];
    private readonly Dictionary<StudyId, (DateTimeOffset ChangedAt, StudyArtifacts Artifacts)> _ended = [];

    /// <summary>Returns what the studies need, by now.</summary>
    /// <param name="except">Left out.</param>
    public async ValueTask<IReadOnlyList<StudyArtifacts>> ReadAsync(StudyId? except, CancellationToken cancellation)
    {
        var studies = await store.ListAsync(cancellation);
        var read = studies.Broken.Select(b => new StudyArtifacts(b.Study!.Value, Nothing, Unnamed, None, b)).ToList();
        foreach (var study in studies)
            read.Add(await ReadAsync(study, cancellation));
        read.RemoveAll(s => s.Study == except);
        return read;
    }

    private async ValueTask<StudyArtifacts> ReadAsync(StudySummary study, CancellationToken cancellation)
    {
        // One that has completed may be opened again.
        if (_ended.TryGetValue(study.Id, out var known) && known.ChangedAt == study.ChangedAt && !study.IsOpen)
            return known.Artifacts;
        if (!_ledgers.TryGetValue(study.Id, out var ledger))
            _ledgers.Add(study.Id, ledger = new(store, study.Id, planner));
        // Leases first: what was stored and not yet recorded when they were read is named by a ledger that is read later, or is leased.
        var leases = study.IsOpen ? await store.LeasesAsync(study.Id, cancellation) : [];
        try
        {
            await ledger.RefreshAsync(cancellation);
        }
        catch (LedgerCorruptException damage)
        {
            _ledgers.Remove(study.Id);
            return Damaged(study, ledger.State, damage);
        }
        var state = ledger.State;
        var mentioned = Mentioned(state);
        if (state.IsOpen)
            return new(study.Id, ArtifactPruner.Needed(state).ToHashSet(), mentioned, InTraining(state, leases), null);
        _ledgers.Remove(study.Id);
        var ended = new StudyArtifacts(study.Id, ArtifactPruner.Needed(state).ToHashSet(), mentioned, None, null);
        _ended[study.Id] = (state.Summary.ChangedAt, ended);
        return ended;
    }

    /// <summary>All that the readable part names stays, and what its header calls its champions'.</summary>
    private static StudyArtifacts Damaged(StudySummary study, StudyState state, LedgerCorruptException damage)
    {
        var mentioned = Mentioned(state);
        var needed = mentioned.Keys.Concat(study.Champions.SelectMany(c => ArtifactPruner.Of(new SegmentOutcome.Reached(c.Result))));
        return new(study.Id, needed.ToHashSet(), mentioned, None, damage.Of(study.Id));
    }

    private static Dictionary<ArtifactHash, Twin> Mentioned(StudyState state)
    {
        var mentioned = new Dictionary<ArtifactHash, Twin>();
        foreach (var trial in state.Trials)
        {
            foreach (var hash in trial.Artifacts)
                mentioned[hash] = TwinOf(state, trial);
        }
        return mentioned;
    }

    private static HashSet<Twin> InTraining(StudyState state, IReadOnlyList<Lease> leases) =>
        [.. leases.Where(l => !l.IsExpired && l.Trial.Number < state.Trials.Count).Select(l => TwinOf(state, state.Trial(l.Trial)))];

    private static Twin TwinOf(StudyState state, Trial trial) =>
        new(trial.Configuration, TrialSeed.Of(state.Space.Seed, trial.NumberInClass));
}
