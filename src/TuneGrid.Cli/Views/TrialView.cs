using TuneGrid.Coordination;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;

namespace TuneGrid.Cli.Views;

internal enum TrialStatus { Waiting, Running, Paused, Completed, Failed }

/// <summary>One trial as people see it.</summary>
internal sealed class TrialView(TrialId id, HardwareClass hardware, int bracket, Configuration configuration)
{
    public TrialId Id => id;

    public HardwareClass Class => hardware;

    public int Bracket => bracket;

    public Configuration Configuration => configuration;

    public TrialStatus Status { get; set; }

    /// <summary>The rung it stands at or runs toward, from 0.</summary>
    public int Rung { get; set; }

    /// <summary>What it showed at the last rung it reached; null before the first.</summary>
    public SegmentResult? Result { get; set; }

    public int Segments { get; set; }

    /// <summary>Segments thrown away and run again because their silo was disturbed.</summary>
    public int Reruns { get; set; }

    /// <summary>Rungs whose result came from a disturbed silo and was kept.</summary>
    public HashSet<int> DisturbedAt { get; } = [];

    /// <summary>Over all its finished segments; null where no silo could measure it.</summary>
    public double? Joules { get; set; }

    public SiloId? Silo { get; set; }

    public DateTimeOffset LeasedAt { get; set; }

    public string Failure { get; set; } = "";

    /// <summary>Rungs it went up from.</summary>
    public HashSet<int> PromotedFrom { get; } = [];

    /// <summary>Rungs it was sent to, by their amount, which is what tells rungs of different brackets apart.</summary>
    public Dictionary<int, double> Rungs { get; } = [];
}
