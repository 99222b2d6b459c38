using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Serialization;
using Orleans.Serialization.Cloning;
using TuneGrid.Coordination.Json;

namespace TuneGrid.Silo.Membership;

/// <summary>
/// How the grid's own records travel between silos: as the JSON that the ledger keeps too. Fields that a release does not know are ignored,
/// so silos of neighbouring releases understand each other; what can't be understood any more gets another <see cref="Version"/>.
/// </summary>
internal static class WireFormat
{
    /// <summary>
    /// Part of every cluster's name: silos of different versions are clusters of their own, which serve one study beside each other through
    /// the ledger. Earlier ones spoke other messages.
    /// </summary>
    public const int Version = 3;

    public static void Configure(IServiceCollection services)
    {
        services.AddSerializer(builder => builder.AddJsonSerializer(IsOurs, EventJson.Options));
        // Before the JSON codec, which would copy by writing and reading: these records never change.
        services.Insert(0, ServiceDescriptor.Singleton<IGeneralizedCopier>(new SharedRecords()));
        services.Configure<ExceptionSerializationOptions>(o => o.SupportedNamespacePrefixes.Add("TuneGrid."));
    }

    private static bool IsOurs(Type type) =>
        type.Namespace?.StartsWith("TuneGrid.", StringComparison.Ordinal) == true && EventJson.Knows(type);

    private sealed class SharedRecords : IGeneralizedCopier
    {
        public bool IsSupportedType(Type type) => IsOurs(type);

        public object? DeepCopy(object? input, CopyContext context) => input;
    }
}
