using TuneGrid.Coordination.Ledger;
using TuneGrid.Search.Space;

namespace TuneGrid.Coordination.Studies;

/// <summary>What a study begins with.</summary>
/// <param name="Name">The space's.</param>
/// <param name="SpaceJson">Validated, overrides applied.</param>
/// <param name="Trace">W3C traceparent of the study's root span, or null.</param>
public sealed record NewStudy(string Name, string SpaceJson, CorpusReference Corpus, string? Trace, DisturbancePolicy Disturbance)
{
    /// <summary>Earlier studies that it starts from.</summary>
    public IReadOnlyList<EarlierStudy> Earlier { get; init; } = [];
}

/// <summary>Writes the first event of a study.</summary>
public static class StudyLauncher
{
    private const string Base32 = "abcdefghijkmnpqrstuvwxyz23456789";

    /// <summary>Creates a study named after its space with four random characters, and returns its name.</summary>
    /// <param name="random">Where the four characters come from.</param>
    public static async Task<StudyId> CreateAsync(IStudyStore store, NewStudy plan, Random random, CancellationToken cancellation)
    {
        while (true)
        {
            var id = new StudyId($"{plan.Name}-{new string(random.GetItems<char>(Base32, 4))}");
            if (await TryCreateAsync(store, id, plan, cancellation))
                return id;
        }
    }

    /// <summary>Creates a study of this very name. Returns false if there is one already.</summary>
    public static async Task<bool> TryCreateAsync(IStudyStore store, StudyId id, NewStudy plan, CancellationToken cancellation)
    {
        var now = await store.NowAsync(cancellation);
        var created = new StudyCreated(now, plan.Name, plan.SpaceJson, plan.Corpus, plan.Trace, plan.Disturbance);
        var events = new List<StudyEvent> { created };
        events.AddRange(plan.Earlier.Select(e => new StudyWarmStarted(now, e.Study, e.Trials)));
        return await store.TryAppendAsync(new(id, 0, events, [], SummaryOf(id, created)), cancellation);
    }

    private static StudySummary SummaryOf(StudyId id, StudyCreated created)
    {
        var summary = new SummaryFold();
        summary.Apply(created);
        return summary.Summary(id);
    }
}
