using TuneGrid.Coordination;
using TuneGrid.Coordination.Json;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Trials;
using TuneGrid.Coordination.Work;

namespace TuneGrid.Silo.Grains;

// What goes over the wire: numbers and texts, and the grid's own records in the JSON form that the stores keep too. Ids only grow.

/// <summary>A silo asks its study for work.</summary>
/// <param name="Silo">Its description, as JSON.</param>
/// <param name="Address">Where its Orleans silo is.</param>
[GenerateSerializer, Immutable, Alias("tunegrid.ask")]
public sealed record AskMessage([property: Id(0)] byte[] Silo, [property: Id(1)] SiloAddress Address, [property: Id(2)] bool WasTraining);

/// <summary>An assignment, as JSON and numbers.</summary>
[GenerateSerializer, Immutable, Alias("tunegrid.assignment")]
public sealed record AssignmentMessage([property: Id(0)] byte[] Order, [property: Id(1)] long Fence, [property: Id(2)] int Rung)
{
    public static AssignmentMessage Of(Assignment work) => new(EventJson.WriteOrder(work.Order), work.Fence.Value, work.Rung);

    public Assignment Read() => new(EventJson.ReadOrder(Order) ?? throw new FormatException("an order can't be read: the silos run different releases"), new Fence(Fence), Rung);
}

/// <param name="Fault">What kept the study from answering; all else is empty then.</param>
[GenerateSerializer, Immutable, Alias("tunegrid.work")]
public sealed record WorkMessage(
    [property: Id(0)] AssignmentMessage? Work, [property: Id(1)] bool IsOver, [property: Id(2)] byte[]? Ended, [property: Id(3)] string[] Superfluous,
    [property: Id(4)] FaultMessage? Fault);

[GenerateSerializer, Immutable, Alias("tunegrid.report")]
public sealed record ReportMessage([property: Id(0)] AssignmentMessage Work, [property: Id(1)] byte[] Outcome, [property: Id(2)] AskMessage? Next);

[GenerateSerializer, Immutable, Alias("tunegrid.reported")]
public sealed record ReportedMessage(
    [property: Id(0)] bool IsRecorded, [property: Id(1)] string[] Superfluous, [property: Id(2)] FaultMessage? Fault, [property: Id(3)] AssignmentMessage? Next = null);

[GenerateSerializer, Immutable, Alias("tunegrid.damage")]
public sealed record DamageMessage([property: Id(0)] AssignmentMessage Work, [property: Id(1)] string Checkpoint, [property: Id(2)] string Reason);

/// <param name="Outcome">Null if the segment was lost.</param>
[GenerateSerializer, Immutable, Alias("tunegrid.end")]
public sealed record EndMessage([property: Id(0)] AssignmentMessage Work, [property: Id(1)] byte[]? Outcome, [property: Id(2)] bool IsReported, [property: Id(3)] TimeSpan Elapsed);

/// <summary>How far a segment is.</summary>
[GenerateSerializer, Immutable, Alias("tunegrid.progress")]
public sealed record ProgressMessage([property: Id(0)] int Trial, [property: Id(1)] byte[] Progress);

public enum FaultKind
{
    /// <summary>The store does not answer now.</summary>
    Unavailable,

    /// <summary>The store can't be used at all.</summary>
    Unusable,

    /// <summary>The ledger is damaged.</summary>
    Corrupt,
}

/// <summary>An exception of the grid's own, in a form that every release understands.</summary>
[GenerateSerializer, Immutable, Alias("tunegrid.fault")]
public sealed record FaultMessage([property: Id(0)] FaultKind Kind, [property: Id(1)] string Message, [property: Id(2)] long Sequence)
{
    /// <summary>Null for what is no fault of the store or the ledger.</summary>
    public static FaultMessage? Of(Exception exception) => exception switch
    {
        StoreUnavailableException => new(FaultKind.Unavailable, exception.Message, 0),
        StoreUnusableException => new(FaultKind.Unusable, exception.Message, 0),
        LedgerCorruptException corrupt => new(FaultKind.Corrupt, corrupt.Message[(corrupt.Message.IndexOf(": ", StringComparison.Ordinal) + 2)..], corrupt.Sequence),
        _ => null,
    };

    public Exception ToException() => Kind switch
    {
        FaultKind.Unavailable => new StoreUnavailableException(Message),
        FaultKind.Unusable => new StoreUnusableException(Message),
        _ => new LedgerCorruptException(Sequence, Message),
    };
}
