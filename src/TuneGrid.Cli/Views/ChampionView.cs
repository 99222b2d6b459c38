using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;

namespace TuneGrid.Cli.Views;

/// <summary>A class's champion as people see it.</summary>
/// <param name="Crowned">What the ledger says of it.</param>
/// <param name="Run">The run whose model is kept: the trial itself, or one of its repeats.</param>
internal sealed record ChampionView(Champion Crowned, TrialView Run)
{
    public TrialId Id => Crowned.Trial;

    public Configuration Configuration => Crowned.Configuration;

    /// <summary>Of the run whose model is kept.</summary>
    public SegmentResult Result => Crowned.Result;

    /// <summary>Of the run whose model is kept, joules; null where no silo could measure it.</summary>
    public double? Joules => Run.Joules;
}
