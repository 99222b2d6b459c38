namespace TuneGrid.Silo.Tests.Security;

/// <summary>Two silos with certificates of one authority, for all tests of a class.</summary>
public sealed class TwoSilos : IAsyncLifetime
{
    internal SecureCluster Cluster { get; private set; } = null!;

    public async Task InitializeAsync() => Cluster = await SecureCluster.StartAsync("127.0.0.1", "127.0.0.2");

    public async Task DisposeAsync() => await Cluster.DisposeAsync();
}
