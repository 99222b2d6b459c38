using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace TuneGrid.Silo.Grains;

/// <summary>
/// Puts a grain on one named silo and nowhere else: a trial on the silo that holds its lease (the caller's placement hint), a silo's grain on the silo that its key
/// names. A grain that nobody placed is put where it was called, where it will find nothing to do and say so.
/// </summary>
[Serializable, GenerateSerializer, Immutable, SuppressReferenceTracking]
public sealed class OnSilo : PlacementStrategy;

[AttributeUsage(AttributeTargets.Class)]
public sealed class OnSiloAttribute() : PlacementAttribute(new OnSilo());

/// <inheritdoc cref="OnSilo"/>
public sealed class OnSiloDirector : IPlacementDirector
{
    /// <exception cref="SiloUnavailableException">The named silo is not there.</exception>
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var silos = context.GetCompatibleSilos(target);
        var wanted = Wanted(target) ?? context.LocalSilo;
        return Array.IndexOf(silos, wanted) >= 0
            ? Task.FromResult(wanted)
            : throw new SiloUnavailableException($"{target.GrainIdentity} belongs on the silo {wanted}, which is not there");
    }

    /// <summary>Makes the calls of this flow place their grain on a silo; null ends that.</summary>
    public static void Hint(SiloAddress? silo)
    {
        if (silo is null)
            RequestContext.Remove(IPlacementDirector.PlacementHintKey);
        else
            RequestContext.Set(IPlacementDirector.PlacementHintKey, silo);
    }

    private static SiloAddress? Wanted(PlacementTarget target)
    {
        if (target.RequestContextData is { } data && data.TryGetValue(IPlacementDirector.PlacementHintKey, out var hint) && hint is SiloAddress silo)
            return silo;
        // A silo's address has an @, a trial's key has none.
        var key = target.GrainIdentity.Key.ToString()!;
        return key.Contains('@', StringComparison.Ordinal) ? SiloAddress.FromParsableString(key) : null;
    }
}
