using TuneGrid.Coordination;
using TuneGrid.Coordination.Artifacts;
using TuneGrid.Coordination.Ledger;

namespace TuneGrid.Cli.Views;

internal static class ChampionModel
{
    /// <summary>A local path to the champion's model, or null if there is no champion or no model of it any more.</summary>
    public static async Task<string?> PathAsync(
        StudyView view, HardwareClass hardware, IArtifactStore artifacts, CancellationToken cancellation)
    {
        if (view.Champion(hardware)?.Result?.Model is not { } model)
            return null;
        try
        {
            return await artifacts.GetAsync(model, cancellation);
        }
        catch (ArtifactDamagedException)
        {
            return null;
        }
    }
}
