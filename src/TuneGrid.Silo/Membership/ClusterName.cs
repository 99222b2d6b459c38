using System.Globalization;
using System.Net;

namespace TuneGrid.Silo.Membership;

/// <summary>
/// Silos that listen on loopback can only meet on their own machine: they are that machine's cluster. All others are one cluster. Clusters of one
/// store serve the same studies beside each other; the ledger is what joins them.
/// </summary>
internal static class ClusterName
{
    /// <summary>Orleans' service: all clusters are of it.</summary>
    public const string Service = "tunegrid";

    /// <summary>The cluster of the silos of this machine.</summary>
    public static string Here { get; } = Versioned($"local-{Environment.MachineName}");

    /// <summary>The cluster of the silos that machines reach each other by.</summary>
    public static string Shared { get; } = Versioned("shared");

    /// <summary>Returns the cluster of a silo that listens on an address.</summary>
    public static string Of(IPAddress listen) => IPAddress.IsLoopback(listen) ? Here : Shared;

    private static string Versioned(string name) => string.Create(CultureInfo.InvariantCulture, $"{name}-v{WireFormat.Version}");
}
