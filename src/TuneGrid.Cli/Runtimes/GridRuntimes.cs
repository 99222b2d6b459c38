using TuneGrid.Coordination;
using TuneGrid.Silo.Hosting;
using TuneGrid.Silo.Security;
using TuneGrid.Storage;

namespace TuneGrid.Cli.Runtimes;

/// <summary>What carries the messages of the grid.</summary>
internal enum GridRuntime
{
    /// <summary>The store alone.</summary>
    Store,

    /// <summary>A cluster of Orleans silos over the same store.</summary>
    Orleans,
}

/// <summary>The runtimes of this build. The half that needs Orleans is compiled where its packages are.</summary>
internal static partial class GridRuntimes
{
    public const string Variable = "TUNEGRID_RUNTIME";

    public static bool HasOrleans
    {
        get
        {
            var has = false;
            AskForOrleans(ref has);
            return has;
        }
    }

    /// <summary>What was asked for, else <c>$TUNEGRID_RUNTIME</c>, else the most that this build has.</summary>
    public static GridRuntime Choose(GridRuntime? asked, Func<string, string?> variable)
    {
        var chosen = asked ?? (variable(Variable) is { Length: > 0 } text
            ? Enum.TryParse<GridRuntime>(text, ignoreCase: true, out var named) && Enum.IsDefined(named) ? named : throw new UsageException($"{Variable}={text}: expected store or orleans")
            : HasOrleans ? GridRuntime.Orleans : GridRuntime.Store);
        return chosen == GridRuntime.Store || HasOrleans
            ? chosen
            : throw new UsageException("this build has no Orleans runtime: build it with -p:WithOrleans=true where the packages restore, or use --runtime store");
    }

    /// <returns>Null for the store runtime.</returns>
    public static ISiloRuntime? Silo(GridRuntime runtime, OrleansOptions options)
    {
        ISiloRuntime? silo = null;
        if (runtime == GridRuntime.Orleans)
            MakeSilo(options, ref silo);
        return silo;
    }

    /// <returns>Null for the store runtime.</returns>
    public static IStudyLine? Line(GridRuntime runtime, OpenedStore store, StudyId study, ClusterSecurity security) => runtime == GridRuntime.Store ? null : new LateLine(
        cancellation =>
        {
            var line = Task.FromResult<IStudyLine?>(null);
            OpenLine(store, study, security, cancellation, ref line);
            return line;
        },
        TimeProvider.System);

    static partial void AskForOrleans(ref bool has);

    static partial void MakeSilo(OrleansOptions options, ref ISiloRuntime? silo);

    static partial void OpenLine(OpenedStore store, StudyId study, ClusterSecurity security, CancellationToken cancellation, ref Task<IStudyLine?> line);
}
