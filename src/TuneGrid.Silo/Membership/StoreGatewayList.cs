using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Messaging;
using TuneGrid.Storage;

namespace TuneGrid.Silo.Membership;

/// <summary>Tells clients where a cluster lets them in, as the store says.</summary>
internal sealed class StoreGatewayList(ISharedTexts texts, IOptions<ClusterOptions> cluster) : IGatewayListProvider
{
    public TimeSpan MaxStaleness => TimeSpan.FromSeconds(2);

    public bool IsUpdatable => true;

    public Task InitializeGatewayListProvider() => Task.CompletedTask;

    public async Task<IList<Uri>> GetGateways() => await FindAsync(texts, cluster.Value.ClusterId, CancellationToken.None);

    /// <summary>The gateways of a cluster's living silos; empty if there is no such cluster.</summary>
    public static async Task<IList<Uri>> FindAsync(ISharedTexts texts, string cluster, CancellationToken cancellation)
    {
        var text = ClusterText.Read((await texts.ReadAsync(ClusterText.NameOf(cluster), cancellation)).Text);
        return [.. text.Members.Where(m => m is { Status: SiloStatus.Active, ProxyPort: > 0 }).Select(Gateway)];
    }

    private static Uri Gateway(ClusterText.Member member)
    {
        var silo = SiloAddress.FromParsableString(member.Address);
        return SiloAddress.New(silo.Endpoint.Address, member.ProxyPort, silo.Generation).ToGatewayUri();
    }
}
