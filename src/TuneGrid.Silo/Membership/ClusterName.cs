using System.Net;

namespace TuneGrid.Silo.Membership;

/// <summary>
/// Silos that listen on loopback can only meet on their own machine: they are that machine's cluster. All others are one cluster. Clusters of one store serve the
/// same studies beside each other, as silos of the store runtime do; the ledger is what joins them.
/// </summary>
internal static class ClusterName
{
    public const string Service = "tunegrid";

    public const string Shared = "shared";

    public static string Here => $"local-{Environment.MachineName}";

    public static string Of(IPAddress listen) => IPAddress.IsLoopback(listen) ? Here : Shared;
}
