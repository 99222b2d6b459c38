using System.Net;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using TuneGrid.Coordination.Silos;
using TuneGrid.Silo.Hosting;
using TuneGrid.Silo.Membership;
using TuneGrid.Storage;
using SiloStatus = Orleans.Runtime.SiloStatus;

namespace TuneGrid.Silo.Tests.Membership;

/// <summary>Orleans' rules for a membership table, over the store's shared texts.</summary>
public sealed class StoreMembershipTableTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tunegrid-members-").FullName;
    private OpenedStore _store = null!;

    public async Task InitializeAsync() => _store = await StoreOpener.OpenAsync(StoreLocation.Parse(_folder));

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Rows_change_only_with_the_version_and_the_tag_that_were_read()
    {
        var table = Table();
        var empty = await table.ReadAll();
        Assert.Equal((0, 0), (empty.Members.Count, empty.Version.Version));
        Assert.True(await table.InsertRow(Entry(1), empty.Version.Next()));
        Assert.False(await table.InsertRow(Entry(1), (await table.ReadAll()).Version.Next()));
        Assert.False(await table.InsertRow(Entry(2), empty.Version.Next()));
        Assert.True(await table.InsertRow(Entry(2), (await table.ReadAll()).Version.Next()));

        var read = await table.ReadAll();
        var (row, tag) = read.Members.Single(m => m.Item1.SiloName == "silo-1");
        row.Status = SiloStatus.Active;
        row.SuspectTimes = [Tuple.Create(Entry(2).SiloAddress, new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc))];
        Assert.False(await table.UpdateRow(row, "99", read.Version.Next()));
        Assert.False(await table.UpdateRow(row, tag, empty.Version.Next()));
        Assert.True(await table.UpdateRow(row, tag, read.Version.Next()));
        Assert.False(await table.UpdateRow(row, tag, (await table.ReadAll()).Version.Next()));

        var changed = Assert.Single((await Table().ReadRow(row.SiloAddress)).Members).Item1;
        Assert.Equal(
            (SiloStatus.Active, row.SuspectTimes[0], 40001), (changed.Status, Assert.Single(changed.SuspectTimes!), changed.ProxyPort));
        Assert.Equal(3, (await table.ReadAll()).Version.Version);
    }

    [Fact]
    public async Task A_sign_of_life_changes_no_version()
    {
        var table = Table();
        await table.InsertRow(Entry(1), (await table.ReadAll()).Version.Next());
        var before = (await table.ReadAll()).Version;
        var entry = Entry(1);
        entry.IAmAliveTime = entry.IAmAliveTime.AddHours(1);
        await table.UpdateIAmAlive(entry);
        var after = await table.ReadAll();
        Assert.Equal((before.Version, entry.IAmAliveTime), (after.Version.Version, Assert.Single(after.Members).Item1.IAmAliveTime));
    }

    [Fact]
    public async Task The_dead_are_cleaned_up_and_clusters_are_apart()
    {
        var table = Table();
        var dead = Entry(1);
        dead.Status = SiloStatus.Dead;
        await table.InsertRow(dead, (await table.ReadAll()).Version.Next());
        await table.InsertRow(Entry(2), (await table.ReadAll()).Version.Next());
        Assert.Empty((await Table("another").ReadAll()).Members);
        await table.CleanupDefunctSiloEntries(dead.IAmAliveTime.AddMinutes(-1));
        Assert.Equal(2, (await table.ReadAll()).Members.Count);
        await table.CleanupDefunctSiloEntries(dead.IAmAliveTime.AddMinutes(1));
        Assert.Equal("silo-2", Assert.Single((await table.ReadAll()).Members).Item1.SiloName);
    }

    [Fact]
    public async Task Whoever_starts_buries_those_whose_machine_refuses_and_no_others()
    {
        var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var table = Table();
        var (killed, alive) = (Entry(1), Entry(2, ((IPEndPoint)listener.LocalEndpoint).Port));
        (killed.Status, alive.Status) = (SiloStatus.Active, SiloStatus.Active);
        await table.InsertRow(killed, (await table.ReadAll()).Version.Next());
        await table.InsertRow(alive, (await table.ReadAll()).Version.Next());
        await Table().InitializeMembershipTable(true);
        listener.Stop();
        var members = (await table.ReadAll()).Members.Select(m => m.Item1).ToDictionary(m => m.SiloName, m => m.Status);
        Assert.Equal((SiloStatus.Dead, SiloStatus.Active), (members["silo-1"], members["silo-2"]));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"version\":7,\"members\":null}")]
    [InlineData("{\"version\":7,\"members\":[null,{},{\"address\":\"somewhere\"},{\"address\":\"127.0.0.1:1@\",\"name\":\"x\"}]}")]
    [InlineData("{\"members\":[{\"address\":\"127.0.0.1:1@1\",\"name\":null,\"host\":\"h\",\"status\":99,\"proxyPort\":-1}]}")]
    [InlineData("{\"members\":[{\"address\":\"127.0.0.1:1@1\",\"name\":\"n\",\"host\":\"h\",\"suspicions\":[{\"by\":\"?\"}]}]}")]
    public async Task Members_that_cannot_be_read_are_none_and_others_join(string text)
    {
        await _store.Texts.TryWriteAsync("orleans/cluster", 0, text, default);
        var table = Table();
        await table.InitializeMembershipTable(true);
        Assert.Empty((await table.ReadAll()).Members);
        Assert.Empty(await StoreGatewayList.FindAsync(_store.Texts, "cluster", default));
        Assert.True(await table.InsertRow(Entry(1), (await table.ReadAll()).Version.Next()));
        Assert.Equal("silo-1", Assert.Single((await table.ReadAll()).Members).Item1.SiloName);
    }

    [Theory]
    [InlineData(" ")]
    [InlineData("\n")]
    [InlineData("letters that nobody drew")]
    public async Task A_damaged_text_of_the_store_s_letters_is_drawn_anew(string damaged)
    {
        await _store.Texts.TryWriteAsync("orleans/store", 0, damaged, default);
        var first = await ClusterName.OfAsync(_store.Texts, IPAddress.Loopback, new(null), 2, default);
        Assert.DoesNotContain(damaged, first, StringComparison.Ordinal);
        Assert.Equal(first, await ClusterName.OfAsync(_store.Texts, IPAddress.Loopback, new(null), 2, default));
    }

    [Fact]
    public async Task Clients_are_let_in_by_living_silos()
    {
        var table = Table();
        var (active, joining) = (Entry(1), Entry(2));
        active.Status = SiloStatus.Active;
        await table.InsertRow(active, (await table.ReadAll()).Version.Next());
        await table.InsertRow(joining, (await table.ReadAll()).Version.Next());
        var gateway = Assert.Single(await StoreGatewayList.FindAsync(_store.Texts, "cluster", default));
        Assert.Equal(("127.0.0.1", 40001), (gateway.Host, gateway.Port));
    }

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7", 0)]
    [InlineData("192.0.2.7:11111", "192.0.2.7", 11111)]
    [InlineData("::1", "::1", 0)]
    [InlineData("[2001:db8::7]:11111", "2001:db8::7", 11111)]
    public void Addresses_are_read(string text, string address, int port)
    {
        var options = OrleansOptions.Parse(text);
        Assert.Equal((IPAddress.Parse(address), port), (options.Listen, options.Port));
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("here")]
    [InlineData("192.0.2.7:0")]
    [InlineData("192.0.2.7:65535")]
    public void What_nobody_could_connect_to_is_refused(string text) => Assert.Throws<FormatException>(() => OrleansOptions.Parse(text));

    private StoreMembershipTable Table(string cluster = "cluster") =>
        new(_store.Texts, Options.Create(new ClusterOptions { ClusterId = cluster }), TimeProvider.System);

    private static MembershipEntry Entry(int number, int port = 1) => new()
    {
        SiloAddress = SiloAddress.New(IPAddress.Loopback, port, number),
        Status = SiloStatus.Joining,
        SiloName = $"silo-{number}",
        HostName = "host",
        ProxyPort = 40000 + number,
        StartTime = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc), IAmAliveTime = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc),
    };
}
