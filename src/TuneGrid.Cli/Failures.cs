using TuneGrid.Cli.Terminal;
using TuneGrid.Coordination.Artifacts;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Workers;
using TuneGrid.Storage;
using TuneGrid.Training;
using TuneGrid.Training.Checkpoints;
using TuneGrid.Training.Corpora;
using TuneGrid.Training.Engines;
using TuneGrid.Training.Export;
using TuneGrid.Training.Kernels;

namespace TuneGrid.Cli;

/// <summary>What each exception means to the person at the keyboard.</summary>
internal static class Failures
{
    public const string DebugVariable = "TUNEGRID_DEBUG";

    public static int Report(Exception exception, CliConsole console)
    {
        if (exception is ExitException exit)
            return exit.Code;
        if (exception is OperationCanceledException && console.Interrupts.Stop.IsCancellationRequested)
            return console.Interrupts.ExitCode;
        var known = Code(exception);
        var message = Secrets.Mask(exception.Message.ReplaceLineEndings(" ").Trim());
        console.Error.WriteLine(known is null ? $"tunegrid: unexpected {exception.GetType().Name}: {message}" : $"tunegrid: {message}");
        if (!string.IsNullOrEmpty(console.Variable(DebugVariable)))
            console.Error.WriteLine(Secrets.Mask(exception.ToString()));
        else if (known is null)
            console.Error.WriteLine($"set {DebugVariable}=1 for the stack");
        return known ?? ExitCodes.Failure;
    }

    /// <summary>Null for what nobody foresaw.</summary>
    private static int? Code(Exception exception) => exception switch
    {
        UsageException or CorpusException => ExitCodes.BadInput,
        UnsupportedInstructionSetException or TrainingRefusedException or EngineUnavailableException => ExitCodes.BadInput,
        // A model that can't be read is bad input: checkpoints of the store itself are the silo's business.
        CheckpointException or ExportRefusedException => ExitCodes.BadInput,
        LedgerCorruptException => ExitCodes.Failure,
        SiloUnfitException or StoreUnusableException or StoreUnavailableException or ArtifactDamagedException => ExitCodes.Failure,
        IOException or UnauthorizedAccessException => ExitCodes.Failure,
        _ => null,
    };
}
