using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Runtime.Messaging;
using Polly;
using TuneGrid.Storage;

namespace TuneGrid.Silo.Membership;

/// <summary>
/// How soon a silent silo is noticed, and what a call does meanwhile. Orleans waits 30 s for an answer and 15 s to declare a death; here a
/// trial runs elsewhere within seconds, and a wrong guess costs little: the fence refuses whatever a silo does that only seemed dead, and
/// it joins again.
/// </summary>
internal static class Liveness
{
    /// <summary>How long a call waits for its answer. A call that was under way when its silo died waits all of it.</summary>
    public static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(2);

    // Three probes missed are a death; training takes every core, so a probe may well be late by a few hundred milliseconds. Orleans adapts
    // the time that a probe may take to what it sees, by default up to four times: too long for a closed lid.
    private static readonly TimeSpan Probe = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan LongestProbe = TimeSpan.FromMilliseconds(1200);

    // An activation that is stuck in one request is replaced after this long; what grains do here takes milliseconds.
    private static readonly TimeSpan LongestRequest = TimeSpan.FromMinutes(1);

    /// <summary>Repeats a call that met a silo that died or moved. What the grains do may be repeated.</summary>
    public static ResiliencePipeline Retries { get; } = RetryPipeline.Create(
        "cluster", (e, _) => IsPassing(e), attempts: 3, firstDelay: TimeSpan.FromMilliseconds(100), longestDelay: TimeSpan.FromSeconds(1));

    /// <summary>
    /// Returns whether the cluster, not the call, was at fault. Calls to grains carry no token of ours: a cancelled one is a message that
    /// Orleans gave up before it knew where its grain is ("Message expired before placement could complete"), as happens when a silo is cut
    /// off.
    /// </summary>
    public static bool IsPassing(Exception exception) => exception is TimeoutException or SiloUnavailableException
        or OrleansMessageRejectionException or ConnectionFailedException or OperationCanceledException;

    /// <summary>
    /// Returns whether a call is best given up and its purpose reached without the cluster, which is out of reach or is being shut down
    /// under the caller.
    /// </summary>
    public static bool IsHopeless(Exception exception) =>
        IsPassing(exception) || exception is OrleansException or ObjectDisposedException or InvalidOperationException;

    internal static void Configure(IServiceCollection services)
    {
        services.Configure<ClusterMembershipOptions>(o =>
        {
            (o.ProbeTimeout, o.MinProbeTimeout, o.MaxProbeTimeout) = (Probe, Probe, LongestProbe);
            (o.NumMissedProbesLimit, o.NumVotesForDeathDeclaration) = (3, 2);
            (o.TableRefreshTimeout, o.IAmAliveTablePublishTimeout) = (TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5));
            o.NumMissedTableIAmAliveLimit = 3;
            // A silo that starts on a machine where everybody computes needs longer than 30 s to greet the others.
            (o.MaxJoinAttemptTime, o.DefunctSiloExpiration) = (TimeSpan.FromSeconds(90), TimeSpan.FromHours(1));
        });
        services.Configure<SiloMessagingOptions>(o =>
        {
            (o.ResponseTimeout, o.SystemResponseTimeout) = (ResponseTimeout, ResponseTimeout);
            o.MaxRequestProcessingTime = LongestRequest;
        });
        services.Configure<ClientMessagingOptions>(o => o.ResponseTimeout = ResponseTimeout);
    }
}
