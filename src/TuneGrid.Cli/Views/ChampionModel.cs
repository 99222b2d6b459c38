using TuneGrid.Coordination;
using TuneGrid.Coordination.Artifacts;
using TuneGrid.Coordination.Ledger;

namespace TuneGrid.Cli.Views;

/// <summary>A champion's model on this machine.</summary>
/// <param name="Path">Where it lies; null if it has none, or it can't be had.</param>
/// <param name="Problem">Why it can't be had and what to do; null if it can, or never was one.</param>
internal sealed record ChampionModel(string? Path, string? Problem)
{
    private const string Mend = "put its file back from a backup, or train the configuration again with 'tunegrid train'";

    /// <summary>A lost or damaged model concerns its champion alone.</summary>
    public static async Task<ChampionModel> FindAsync(ArtifactHash? model, IArtifactStore artifacts, CancellationToken cancellation)
    {
        if (model is not { } hash)
            return new(null, null);
        try
        {
            return new(await artifacts.GetAsync(hash, cancellation), null);
        }
        catch (Exception fault) when (
            fault is ArtifactDamagedException or IOException or UnauthorizedAccessException or StoreUnusableException)
        {
            return new(null, $"{fault.Message.TrimEnd('.')}; {Mend}");
        }
    }

    /// <summary>A local path to the champion's model, or null if there is no champion or no model of it any more.</summary>
    public static async Task<string?> PathAsync(
        StudyView view, HardwareClass hardware, IArtifactStore artifacts, CancellationToken cancellation) =>
        (await FindAsync(view.Champion(hardware)?.Result?.Model, artifacts, cancellation)).Path;
}
