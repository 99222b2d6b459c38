using TuneGrid.Coordination.Ledger;

namespace TuneGrid.Cli.Live;

/// <summary>Shows a running study. Called from one thread at a time.</summary>
internal interface ISearchView : IDisposable
{
    /// <param name="news">What the ledger told since the last call.</param>
    void Show(SearchSnapshot snapshot, IReadOnlyList<RecordedEvent> news);
}
