using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Studies;
using TuneGrid.Search.Analysis;
using TuneGrid.Search.Space;

namespace TuneGrid.Coordination.Work;

/// <summary>
/// What the finalists of earlier studies say of a class's noise: their headers keep it, so that nobody has to read their ledgers.
/// </summary>
public static class EarlierNoise
{
    // The newest say most of a machine as it is now.
    private const int MostStudies = 8;

    /// <summary>Returns the noise that studies of this class, corpus and budget have measured, together; null if none has.</summary>
    /// <param name="corpus">The content hash of the corpus.</param>
    /// <param name="except">A study that is not asked, or null.</param>
    public static async ValueTask<ClassNoise?> ReadAsync(
        IStudyStore store, HardwareClass hardware, string corpus, Budget budget, StudyId? except, CancellationToken cancellation)
    {
        var measured = (await store.ListAsync(cancellation))
            .Where(s => s.Id != except && s.Corpus.Hash == corpus)
            .SelectMany(s => s.Champions.Where(c => c.Class == hardware).Select(c => (s.Id, c.Noise)))
            .Where(m => m.Noise is { Points.Count: > 0 } n && n.Unit == budget.Kind && n.Points[^1].Amount.Equals(budget.Amount))
            .TakeLast(MostStudies).ToList();
        return NoiseModel.Pool(measured.Select(m => m.Noise!.Points)) is { } pooled
            ? new(budget.Kind, pooled.Points) { Source = string.Join(", ", measured.Select(m => m.Id)) }
            : null;
    }
}
