using TuneGrid.Coordination;
using TuneGrid.Silo.Hosting;
using TuneGrid.Silo.Security;
using TuneGrid.Storage;

namespace TuneGrid.Cli.Runtimes;

/// <content>Only in builds with Orleans.</content>
internal static partial class GridRuntimes
{
    static partial void AskForOrleans(ref bool has) => has = true;

    static partial void MakeSilo(OrleansOptions options, ref ISiloRuntime? silo) => silo = new OrleansRuntime(options);

    static partial void OpenLine(OpenedStore store, StudyId study, ClusterSecurity security, CancellationToken cancellation, ref Task<IStudyLine?> line)
        => line = OrleansStudyLine.TryOpenAsync(store, study, security, cancellation);
}
