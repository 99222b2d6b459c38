using TuneGrid.Coordination.Ledger;

namespace TuneGrid.Storage;

/// <param name="Version">Grows by one with each write; 0 if nobody has written it yet.</param>
public sealed record SharedText(long Version, string Text);

/// <summary>
/// Small named texts that all processes of a store share, for what they must agree on beside the ledger (who is in an Orleans cluster).
/// Thread-safe; a transient fault surfaces as <see cref="StoreUnavailableException"/>.
/// </summary>
public interface ISharedTexts
{
    ValueTask<SharedText> ReadAsync(string name, CancellationToken cancellation);

    /// <summary>
    /// Replaces the text if it still has the expected version. A writer whose answer was lost may find that it was its own write that it
    /// lost to.
    /// </summary>
    ValueTask<bool> TryWriteAsync(string name, long expectedVersion, string text, CancellationToken cancellation);
}
