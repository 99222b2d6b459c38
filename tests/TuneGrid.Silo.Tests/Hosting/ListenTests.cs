using System.Net.NetworkInformation;
using TuneGrid.Coordination.Silos;
using TuneGrid.Silo.Hosting;
using TuneGrid.Silo.Membership;
using TuneGrid.Silo.Tests.Clusters;
using TuneGrid.Simulation.Stores;
using TuneGrid.Storage;
using TuneGrid.Testing.Processes;
using TuneGrid.Training;
using TuneGrid.Training.Kernels;

namespace TuneGrid.Silo.Tests.Hosting;

/// <summary>What they carry is not encrypted: the ports of a silo are open where it was told to listen, and nowhere else.</summary>
public sealed class ListenTests
{
    [Theory]
    [InlineData(null, "127.0.0.1")]
    [InlineData("127.0.0.2", "127.0.0.2")]
    [InlineData("127.0.0.3:47813", "127.0.0.3")]
    public async Task A_silo_listens_where_it_was_told_and_on_loopback_otherwise(string? listen, string address)
    {
        using var sandbox = new Sandbox();
        await using var store = await StoreOpener.OpenAsync(StoreLocation.Parse(sandbox.Home));
        var options = listen is null ? new OrleansOptions() : OrleansOptions.Parse(listen);
        var silo = new SiloDescription(new("silo"), new("class"), "host", 1, 1, 1 << 30, default, Coordination.Silos.SiloActivity.Idle, "");
        var trainer = new TrainerSettings(1, 1, KernelLadder.For(InstructionSet.Reference));
        var settings = new SiloSettings(trainer, silo.Class, sandbox.Home) { Listen = options };
        await using var joined = await ClusterSilo.JoinAsync(
            silo, new TestTrainer(new InMemoryArtifactStore(), "silo"), store, settings, default);

        var cluster = await ClusterName.OfAsync(store.Texts, options.Listen, options.Security, WireFormat.Version, default);
        var member = Assert.Single(ClusterText.Read((await store.Texts.ReadAsync(ClusterText.NameOf(cluster), default)).Text).Members);
        var port = SiloAddress.FromParsableString(member.Address).Endpoint.Port;
        Assert.True(options.Port == 0 || (options.Port, options.Port + 1) == (port, member.ProxyPort));
        var open = IPGlobalProperties.GetIPGlobalProperties()
            .GetActiveTcpListeners()
            .Where(l => l.Port == port || l.Port == member.ProxyPort);
        Assert.Equal(
            new[] { port, member.ProxyPort }.Select(p => $"{address}:{p}").Order(StringComparer.Ordinal),
            open.Select(l => l.ToString()).Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("192.0.2.7", false)]
    [InlineData("2001:db8::7", false)]
    public void Addresses_of_other_machines_are_known(string listen, bool isHere) =>
        Assert.Equal(isHere, OrleansOptions.Parse(listen).IsHere());
}
