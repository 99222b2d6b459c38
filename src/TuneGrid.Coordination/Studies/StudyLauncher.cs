using TuneGrid.Coordination.Ledger;
using TuneGrid.Search.Space;

namespace TuneGrid.Coordination.Studies;

/// <summary>Writes the first event of a study.</summary>
public static class StudyLauncher
{
    private const string Base32 = "abcdefghijkmnpqrstuvwxyz23456789";

    /// <summary>Creates a study named after its space with four random characters.</summary>
    /// <param name="spaceJson">Validated, overrides applied.</param>
    /// <param name="random">Where the four characters come from.</param>
    /// <param name="trace">W3C traceparent of the study's root span, or null.</param>
    public static async Task<StudyId> CreateAsync(
        IStudyStore store, string name, string spaceJson, CorpusReference corpus, Random random, string? trace, DisturbancePolicy disturbance, CancellationToken cancellation)
    {
        while (true)
        {
            var id = new StudyId($"{name}-{new string(random.GetItems<char>(Base32, 4))}");
            var now = await store.NowAsync(cancellation);
            var created = new StudyCreated(now, name, spaceJson, corpus, trace, disturbance);
            if (await store.TryAppendAsync(new(id, 0, [created], [], SummaryOf(id, created)), cancellation))
                return id;
        }
    }

    private static StudySummary SummaryOf(StudyId id, StudyCreated created)
    {
        var tally = new Tally();
        tally.Apply(created, _ => throw new InvalidOperationException("a new study has no trials"));
        return tally.Summary(id);
    }
}
