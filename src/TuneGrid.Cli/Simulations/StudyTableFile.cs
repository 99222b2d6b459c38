using System.IO.Compression;
using TuneGrid.Cli.Context;
using TuneGrid.Cli.Terminal;
using TuneGrid.Cli.Views;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Studies;
using TuneGrid.Silo.Segments;
using TuneGrid.Simulation.Tables;
using TuneGrid.Training.Files;

namespace TuneGrid.Cli.Simulations;

/// <summary>Writes a study's own learning curves as a table that <c>tunegrid simulate</c> reads.</summary>
internal static class StudyTableFile
{
    private const string Packed = ".gz";

    /// <param name="study">Its id, or the beginning of one.</param>
    /// <param name="hardware">A hardware class's key; null for the one with the most trials.</param>
    /// <param name="target">Packed where it ends in .gz.</param>
    /// <exception cref="UsageException">There is no such study, or nothing of it was scored.</exception>
    public static async Task<int> WriteAsync(
        CliConsole console, StoreChoice store, string? study, string? hardware, string target, CancellationToken cancellation)
    {
        if (study is null)
            throw new UsageException("--format table needs a study: tunegrid export STUDY --format table --out FILE");
        await using var opened = await new CommandContext(console).OpenStoreAsync(store, cancellation);
        var summary = await StudyFinder.FindAsync(opened.Studies, study, cancellation);
        var follower = new StudyFollower(opened.Studies, summary.Id, SpacePlanner.Read);
        await follower.RefreshAsync(cancellation);
        var state = follower.State;
        var text = new StringWriter();
        var configurations = Class(state, hardware) is { } chosen
            ? StudyTable.Write(state, chosen, TrainingParameterCatalog.Instance, text) : 0;
        if (configurations == 0)
            throw new UsageException($"nothing of {summary.Id} was scored yet: there is no table to write");
        if (state.Space.Parameters.Length == 0)
            throw new UsageException($"{summary.Id} searches no parameter: there is no table to write");
        return await WriteAsync(console, text.ToString(), target);
    }

    private static HardwareClass? Class(StudyState state, string? key)
    {
        var classes = state.Classes.OrderByDescending(c => c.Proposed).Select(c => c.Class).ToList();
        if (key is null)
            return classes.Count > 0 ? classes[0] : null;
        return classes.Exists(c => c.Key == key) ? new(key) : throw new UsageException(
            $"--class is '{key}'; {state.Id} has {(classes.Count > 0 ? string.Join(", ", classes) : "none yet")}");
    }

    private static async Task<int> WriteAsync(CliConsole console, string text, string target)
    {
        try
        {
            await using Stream file = File.Create(target);
            await using var stream = target.EndsWith(Packed, StringComparison.OrdinalIgnoreCase)
                ? new GZipStream(file, CompressionLevel.SmallestSize) : file;
            await using var writer = new StreamWriter(stream);
            await writer.WriteAsync(text);
            // What goes to a pipe must hold nothing but the table.
            (FileKinds.Of(target) == FileKind.Special ? console.Error : console.Word).WriteLine(target);
            return ExitCodes.Fine;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            console.Error.WriteLine($"tunegrid: --out '{target}' could not be written: {fault.Message}");
            return ExitCodes.NotWritten;
        }
    }
}
