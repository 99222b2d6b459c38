using TuneGrid.Coordination;
using TuneGrid.Silo.Hosting;
using TuneGrid.Storage;

namespace TuneGrid.Cli.Runtimes;

/// <content>Only in builds with Orleans.</content>
internal static partial class GridRuntimes
{
    static partial void AskForOrleans(ref bool has) => has = true;

    static partial void MakeSilo(string? listen, ref ISiloRuntime? silo)
    {
        try
        {
            var options = listen is null ? new() : OrleansOptions.Parse(listen);
            if (!options.IsHere())
                throw new UsageException($"--listen: this machine has no address {options.Listen}; it must be one by which the others reach it ('ip address' lists them)");
            silo = new OrleansRuntime(options);
        }
        catch (FormatException exception)
        {
            throw new UsageException($"--listen: {exception.Message}");
        }
    }

    static partial void OpenLine(OpenedStore store, StudyId study, CancellationToken cancellation, ref Task<IStudyLine?> line)
        => line = OrleansStudyLine.TryOpenAsync(store, study, cancellation);
}
