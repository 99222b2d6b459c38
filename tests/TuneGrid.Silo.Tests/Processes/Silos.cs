using TuneGrid.Coordination.Ledger;
using TuneGrid.Testing.Processes;

namespace TuneGrid.Silo.Tests.Processes;

/// <summary>Silos as people start them, on the store of one machine.</summary>
internal static class Silos
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <param name="leaseSeconds">
    /// Five minutes, unless told otherwise: longer than anybody waits in a test, so that what is noticed before is not noticed by a lease
    /// that ran out.
    /// </param>
    public static TuneGridProcess Start(Sandbox sandbox, string name, string[]? flags = null, string leaseSeconds = "300") =>
        TuneGridProcess.Start(
            sandbox, ["start-silo", "--threads", "1", "--name", name, .. flags ?? []],
            new Dictionary<string, string> { ["TUNEGRID_LEASE_SECONDS"] = leaseSeconds });

    /// <summary>Waits until so many silos have announced themselves, which they do once they have joined their cluster.</summary>
    public static async Task PresentAsync(IStudyStore store, int silos)
    {
        using var patience = new CancellationTokenSource(Patience);
        for (var cursor = 0L; (await store.SilosAsync(patience.Token)).Count < silos;)
            cursor = await store.WaitForChangeAsync(cursor, TimeSpan.FromMilliseconds(200), patience.Token);
    }
}
