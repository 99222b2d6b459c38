using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace TuneGrid.Silo.Grains;

/// <summary>
/// Puts a grain on one silo and nowhere else: a trial on the silo that holds its lease (the caller's placement hint), a silo's grain on the
/// silo that its key names. A trial that nobody placed is put where it was called, where it will find nothing to do and say so.
/// </summary>
[Serializable, GenerateSerializer, Immutable, SuppressReferenceTracking]
public sealed class OnSilo : PlacementStrategy;

[AttributeUsage(AttributeTargets.Class)]
public sealed class OnSiloAttribute() : PlacementAttribute(new OnSilo());

/// <inheritdoc cref="OnSilo"/>
public sealed class OnSiloDirector(ISiloStatusOracle members) : IPlacementDirector
{
    /// <exception cref="SiloUnavailableException">The named silo is not there.</exception>
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var silos = context.GetCompatibleSilos(target);
        var wanted = Hinted(target) ?? (IsSilo(target) ? Named(target, silos) : context.LocalSilo);
        return wanted is not null && Array.IndexOf(silos, wanted) >= 0
            ? Task.FromResult(wanted)
            : throw new SiloUnavailableException($"{target.GrainIdentity} belongs on a silo that is not there");
    }

    /// <summary>Makes the calls of this flow place their grain on a silo; null ends that.</summary>
    public static void Hint(SiloAddress? silo)
    {
        if (silo is null)
            RequestContext.Remove(IPlacementDirector.PlacementHintKey);
        else
            RequestContext.Set(IPlacementDirector.PlacementHintKey, silo);
    }

    private static SiloAddress? Hinted(PlacementTarget target) =>
        target.RequestContextData is { } data && data.TryGetValue(IPlacementDirector.PlacementHintKey, out var hint)
            ? hint as SiloAddress
            : null;

    private static bool IsSilo(PlacementTarget target) => target.GrainIdentity.Type.ToString() == SiloGrain.Type;

    private SiloAddress? Named(PlacementTarget target, SiloAddress[] silos)
    {
        var name = target.GrainIdentity.Key.ToString();
        return Array.Find(silos, s => members.TryGetSiloName(s, out var known) && known == name);
    }
}
