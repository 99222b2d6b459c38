using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using TuneGrid.Storage;

namespace TuneGrid.Silo.Membership;

/// <summary>
/// Orleans' membership in the study store, so that a cluster needs no tables, scripts or rights besides: one text per cluster, replaced by
/// compare-and-swap. Serves SQLite (the silos of one machine, without a primary that all the others would die with) and PostgreSQL alike.
/// </summary>
internal sealed class StoreMembershipTable(ISharedTexts texts, IOptions<ClusterOptions> cluster, TimeProvider time) : IMembershipTable
{
    private static readonly TimeSpan KnockFor = TimeSpan.FromMilliseconds(500);
    private readonly string _name = ClusterText.NameOf(cluster.Value.ClusterId);

    public async Task InitializeMembershipTable(bool tryInitTableVersion)
    {
        if (tryInitTableVersion)
            await BuryTheKilledAsync();
    }

    public async Task<MembershipTableData> ReadAll() => (await ReadAsync()).ToTable();

    public async Task<MembershipTableData> ReadRow(SiloAddress key) =>
        (await ReadAsync()).ToTable(m => m.Address == key.ToParsableString());

    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) => ChangeAsync(text =>
    {
        if (ClusterText.Etag(text.Version) != tableVersion.VersionEtag || text.Find(entry.SiloAddress) is not null)
            return false;
        text.Version = tableVersion.Version;
        text.Members.Add(ClusterText.Member.Of(entry, text.Version));
        return true;
    });

    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) => ChangeAsync(text =>
    {
        var isCurrent = ClusterText.Etag(text.Version) == tableVersion.VersionEtag;
        if (!isCurrent || text.Find(entry.SiloAddress) is not { } member || ClusterText.Etag(member.Etag) != etag)
            return false;
        text.Version = tableVersion.Version;
        text.Members[text.Members.IndexOf(member)] = ClusterText.Member.Of(entry, text.Version);
        return true;
    });

    public Task UpdateIAmAlive(MembershipEntry entry) => ChangeAsync(text =>
    {
        if (text.Find(entry.SiloAddress) is not { } member)
            return false;
        member.Alive = entry.IAmAliveTime;
        return true;
    });

    public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => ChangeAsync(text => text.Members.RemoveAll(
        m => m.Status == SiloStatus.Dead && m.Alive < beforeDate.UtcDateTime && m.Started < beforeDate.UtcDateTime) > 0);

    public Task DeleteMembershipTableEntries(string clusterId) => ChangeAsync(text =>
    {
        text.Members.Clear();
        text.Version++;
        return true;
    });

    /// <summary>
    /// Whoever starts after a crash of the whole cluster would wait for members that no longer are. A machine that refuses the connection
    /// says for certain that nobody listens there; one that says nothing is left to Orleans.
    /// </summary>
    private async Task BuryTheKilledAsync()
    {
        var alive = (await ReadAsync()).Members.Where(m => m.Status != SiloStatus.Dead).ToList();
        var knocked = await Task.WhenAll(alive.Select(async m => (m.Address, IsRefused: await IsRefusedAsync(m))));
        var refused = knocked.Where(m => m.IsRefused).Select(m => m.Address).ToHashSet();
        if (refused.Count == 0)
            return;
        await ChangeAsync(text =>
        {
            text.Version++;
            foreach (var member in text.Members.Where(m => refused.Contains(m.Address)))
                (member.Status, member.Etag) = (SiloStatus.Dead, text.Version);
            return true;
        });
    }

    private async Task<bool> IsRefusedAsync(ClusterText.Member member)
    {
        using var patience = new CancellationTokenSource(KnockFor, time);
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync(SiloAddress.FromParsableString(member.Address).Endpoint, patience.Token);
            return false;
        }
        catch (SocketException refusal)
        {
            return refusal.SocketErrorCode == SocketError.ConnectionRefused;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<ClusterText> ReadAsync() => ClusterText.Read((await texts.ReadAsync(_name, CancellationToken.None)).Text);

    private async Task<bool> ChangeAsync(Func<ClusterText, bool> change)
    {
        while (true)
        {
            var before = await texts.ReadAsync(_name, CancellationToken.None);
            var text = ClusterText.Read(before.Text);
            if (!change(text))
                return false;
            if (await texts.TryWriteAsync(_name, before.Version, text.Write(), CancellationToken.None))
                return true;
        }
    }
}
