using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Studies;
using TuneGrid.Search.Scheduling;

namespace TuneGrid.Coordination.Work;

/// <summary>What is known of the other silos, beside what the store says.</summary>
public interface IFleet
{
    /// <summary>
    /// Returns whether a silo is known to be dead, so that nobody need wait for its lease to run out; the fence keeps a wrong guess
    /// harmless.
    /// </summary>
    bool IsGone(SiloId silo);

    /// <summary>Returns whether a trial should rather go to another silo than to the one that asks.</summary>
    /// <param name="state">The study, before the trial is leased.</param>
    /// <param name="trial">In <paramref name="state"/>, unless it is only about to be proposed.</param>
    bool PrefersAnother(StudyState state, TrialId trial, SiloDescription asks);
}

/// <summary>Nothing is known of the others: leases run out in their time, and whoever asks first gets the work.</summary>
internal sealed class UnknownFleet : IFleet
{
    /// <summary>There is nothing to tell two of them apart.</summary>
    public static UnknownFleet Instance { get; } = new();

    /// <inheritdoc/>
    public bool IsGone(SiloId silo) => false;

    /// <inheritdoc/>
    public bool PrefersAnother(StudyState state, TrialId trial, SiloDescription asks) => false;
}
