using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using TuneGrid.Silo.Security;
using TuneGrid.Storage;

namespace TuneGrid.Silo.Membership;

/// <summary>
/// Silos that listen on loopback can only meet on their own machine: they are that machine's cluster, or two, since those with TLS don't
/// meet those without. All others are one cluster, where a silo that can't meet the rest is told so. Clusters of one store serve the same
/// studies beside each other; the ledger is what joins them.
/// </summary>
internal static class ClusterName
{
    public const string Service = "tunegrid";
    private const string Shared = "shared";
    private const string StoreLetters = "orleans/store";
    private const string Letters = "abcdefghijkmnpqrstuvwxyz23456789";
    private const int LetterCount = 8;

    private static readonly string Here = $"local-{Environment.MachineName}-{Loopback()}";

    private static readonly string HereWithTls = $"{Here}-tls";

    /// <param name="wireVersion">Of the messages that they speak, see <see cref="WireFormat.Version"/>.</param>
    /// <returns>The id of the cluster of silos that listen there.</returns>
    public static async Task<string> OfAsync(
        ISharedTexts texts, IPAddress listen, ClusterSecurity security, int wireVersion, CancellationToken cancellation)
    {
        var name = !IPAddress.IsLoopback(listen) ? Shared : security.UsesTls ? HereWithTls : Here;
        return Id(name, await LettersAsync(texts, cancellation), wireVersion);
    }

    /// <returns>The ids of the clusters that a client of this machine may reach, nearest first, and how it must speak to each.</returns>
    public static async Task<IReadOnlyList<(string Cluster, ClusterSecurity Security)>> ReachableAsync(
        ISharedTexts texts, ClusterSecurity security, CancellationToken cancellation)
    {
        var letters = await LettersAsync(texts, cancellation);
        List<(string, ClusterSecurity)> reachable = [(Id(Here, letters), security.WithoutTls()), (Id(Shared, letters), security)];
        if (security.UsesTls)
            reachable.Insert(1, (Id(HereWithTls, letters), security));
        return reachable;
    }

    /// <summary>
    /// What tells this loopback from all others: machines may share a name, as laptops do that nobody renamed, and one machine has several
    /// where containers run.
    /// </summary>
    private static string Loopback()
    {
        const string Boot = "/proc/sys/kernel/random/boot_id", Network = "/proc/self/ns/net";
        if (!File.Exists(Boot))
            return "1";
        var text = File.ReadAllText(Boot) + File.ResolveLinkTarget(Network, returnFinalTarget: false)?.Name;
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, LetterCount / 2));
    }

    private static string Id(string name, string letters, int wireVersion = WireFormat.Version) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}-v{wireVersion}-{letters}");

    /// <summary>
    /// Orleans refuses a connection between two clusters by their ids. So an id carries letters of its store: an address that a silo of one
    /// store has left may be that of a silo of another store by now.
    /// </summary>
    private static async Task<string> LettersAsync(ISharedTexts texts, CancellationToken cancellation)
    {
        while (true)
        {
            var stored = await texts.ReadAsync(StoreLetters, cancellation);
            // Anything else was damaged. Silos that still have the old letters are a cluster of their own, and all meet in the ledger.
            if (stored.Text.Length == LetterCount && !stored.Text.AsSpan().ContainsAnyExcept(Letters))
                return stored.Text;
            await texts.TryWriteAsync(StoreLetters, stored.Version, RandomNumberGenerator.GetString(Letters, LetterCount), cancellation);
        }
    }
}
