using TuneGrid.Silo.Membership;
using TuneGrid.Silo.Security;
using TuneGrid.Storage;
using TuneGrid.Testing.Processes;

namespace TuneGrid.Silo.Tests.Security;

/// <summary>
/// Silos and clients at the door of a cluster with mutual TLS: through real sockets, to where the store tells them to go.
/// </summary>
public sealed class MutualTlsTests(TwoSilos silos) : IClassFixture<TwoSilos>
{
    private const string Outside = "127.0.0.3";
    private readonly SecureCluster _cluster = silos.Cluster;

    private SecureCluster.Log Log => _cluster.Members[0].Log;

    [Fact]
    public async Task Silos_and_clients_of_one_authority_meet()
    {
        await _cluster.IsUndisturbedAsync();
        // Nobody dials a client: its certificate needs no host.
        await using var client = await _cluster.BuildClientAsync(_cluster.Certificates.Good());
        await client.StartAsync();
        Assert.Equal(2, (await client.Grains.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true)).Count);
    }

    [Fact]
    public async Task A_silo_without_TLS_is_kept_out()
    {
        await using var silo = await SecureCluster.BuildAsync(_cluster.Store, Outside, null);
        await silo.StaysOutAsync("it closed the connection at once, probably because it uses TLS: give --tls-certificate FILE");
        await Log.SaysAsync("refused a connection from 127.0.0.1: it does not speak TLS");
        await _cluster.IsUndisturbedAsync();
    }

    [Fact]
    public async Task A_silo_of_another_authority_is_kept_out()
    {
        using var certificate = _cluster.Certificates.OfAnotherAuthority(Outside);
        await using var silo = await SecureCluster.BuildAsync(_cluster.Store, Outside, certificate);
        var own = _cluster.Certificates.Good().Authority;
        await silo.StaysOutAsync($"its certificate is signed by {own}, not by {certificate.Authority}");
        await Log.SaysAsync("it broke off the TLS handshake, probably because it does not accept our certificate (cluster-");
        await _cluster.IsUndisturbedAsync();
    }

    [Fact]
    public async Task A_silo_whose_certificate_has_expired_is_kept_out()
    {
        using var certificate = _cluster.Certificates.Expired(Outside);
        await using var silo = await SecureCluster.BuildAsync(_cluster.Store, Outside, certificate);
        await silo.StaysOutAsync("probably because it does not accept our certificate (wrong, by TuneGrid authority");
        var day = CertificateText.Day(certificate.ExpiresAt.UtcDateTime);
        await Log.SaysAsync($"refused a connection from 127.0.0.1: its certificate (wrong) expired on {day}");
        await _cluster.IsUndisturbedAsync();
    }

    /// <summary>It is not only that the others can't dial it: a connection that it opens itself would serve both ways.</summary>
    [Fact]
    public async Task A_silo_whose_certificate_is_for_another_host_is_kept_out()
    {
        using var certificate = _cluster.Certificates.Good("127.0.0.9", "elsewhere");
        await using var silo = await SecureCluster.BuildAsync(_cluster.Store, Outside, certificate);
        await silo.StaysOutAsync($"it closed the connection, probably because it does not accept our certificate ({certificate.Name}");
        await Log.SaysAsync($"refused a connection from 127.0.0.1: {Misnamed(certificate)}");
        await _cluster.IsUndisturbedAsync();
    }

    /// <summary>Somebody else who answers under a silo's address, with a certificate of the cluster that isn't made out for it.</summary>
    [Fact]
    public async Task Nobody_connects_to_a_silo_whose_certificate_is_for_another_host()
    {
        await using var cluster = await SecureCluster.StartAsync();
        using var certificate = cluster.Certificates.Good("127.0.0.9", "elsewhere");
        await using var impostor = await SecureCluster.BuildAsync(cluster.Store, Outside, certificate);
        await impostor.StartAsync();
        await using var client = await cluster.BuildClientAsync(cluster.Certificates.Good());
        await client.StaysOutAsync($"no connection to {impostor.Gateway.Endpoint}: {Misnamed(certificate)}");
    }

    /// <summary>Its certificate is right, but its store knows our silo as one of its own: its address was another's once.</summary>
    [Fact]
    public async Task A_silo_of_another_cluster_is_kept_out()
    {
        using var sandbox = new Sandbox();
        await using var store = await StoreOpener.OpenAsync(StoreLocation.Parse(sandbox.Home));
        var members = (await _cluster.Store.Texts.ReadAsync(ClusterText.NameOf(await SecureCluster.IdAsync(_cluster.Store)), default)).Text;
        Assert.True(await store.Texts.TryWriteAsync(ClusterText.NameOf(await SecureCluster.IdAsync(store)), 0, members, default));

        await using var silo = await SecureCluster.BuildAsync(store, Outside, _cluster.Certificates.Good(Outside));
        await silo.StaysOutAsync("it belongs to another cluster");
        await Log.SaysAsync("refused a connection from 127.0.0.1: it belongs to another cluster");
        await _cluster.IsUndisturbedAsync();
    }

    [Fact]
    public async Task A_client_without_TLS_is_kept_out()
    {
        await using var client = await _cluster.BuildClientAsync(null);
        await client.StaysOutAsync("it closed the connection at once, probably because it uses TLS: give --tls-certificate FILE");
        await _cluster.IsUndisturbedAsync();
    }

    [Fact]
    public async Task A_client_of_another_authority_is_kept_out()
    {
        using var certificate = _cluster.Certificates.OfAnotherAuthority();
        await using var client = await _cluster.BuildClientAsync(certificate);
        await client.StaysOutAsync($", not by {certificate.Authority}");
        await _cluster.IsUndisturbedAsync();
    }

    [Fact]
    public async Task A_client_whose_certificate_has_expired_is_kept_out()
    {
        await using var client = await _cluster.BuildClientAsync(_cluster.Certificates.Expired());
        await client.StaysOutAsync("probably because it does not accept our certificate (wrong, by TuneGrid authority");
        await _cluster.IsUndisturbedAsync();
    }

    private static string Misnamed(ClusterCertificate certificate) =>
        $"its certificate ({certificate.Name}) is for elsewhere, 127.0.0.9, not for {Outside}";
}
