using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Connections.Security;
using Orleans.Serialization;

namespace TuneGrid.Silo.Security;

/// <summary>
/// Stands before TLS in the pipeline of each connection: turns away at its first bytes whoever speaks something else, and says in one line
/// why a connection came to nothing, which Orleans tells with a stack trace or not at all.
/// </summary>
/// <param name="own">Our certificate; null without TLS.</param>
internal sealed class ConnectionWatch(ClusterCertificate? own, RefusalLog refusals, TimeProvider time)
{
    /// <summary>
    /// How long the other side may take for its first bytes, and for its handshake: less than the 5 s that Orleans allows.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);
    private volatile Refusal? _last;

    public void WatchInbound(IConnectionBuilder connections) => connections.Use(next => context => AcceptAsync(context, next));

    public void WatchOutbound(IConnectionBuilder connections) =>
        connections.Use(next => context => RunAsync(Begin(context, PeerRole.Listens), context, next));

    /// <summary>
    /// Stands behind TLS where other silos come in. Whoever dials checks the name on the other's certificate; but connections carry
    /// messages both ways, so a silo that nobody could dial under its name would get in by dialling.
    /// </summary>
    public void WatchIntroductions(IConnectionBuilder connections)
    {
        var serializer = connections.ApplicationServices.GetRequiredService<Serializer<Introduction>>();
        connections.Use(next => context => IntroduceAsync(context, next, serializer));
    }

    /// <summary>Stands right before Orleans where others come in, so that who belongs to another cluster learns it.</summary>
    public void WatchFarewells(IConnectionBuilder connections) => connections.Use(next => context => PartAsync(context, next));

    /// <returns>Why the last connection that we opened since then came to nothing, or null.</returns>
    public string? RefusalSince(DateTimeOffset time) => _last is { } last && last.Time >= time ? last.Line : null;

    private static Handshake Begin(ConnectionContext context, PeerRole peer)
    {
        var transport = new WatchedTransport(context.Transport);
        context.Transport = transport;
        return new(context.RemoteEndPoint as IPEndPoint, peer, transport);
    }

    private static async Task<Greeting> GreetingAsync(ConnectionContext context)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            return await Greetings.ReadAsync(context.Transport.Input, patience.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ConnectionAbortedException)
        {
            return Greeting.None;
        }
    }

    private async Task AcceptAsync(ConnectionContext context, ConnectionDelegate next)
    {
        var handshake = Begin(context, PeerRole.Dials);
        switch (await GreetingAsync(context))
        {
            case Greeting.Tls when own is null:
                Say(handshake, "it speaks TLS, and this silo was started without");
                break;
            case Greeting.Other when own is not null:
                Say(handshake, "it does not speak TLS");
                break;
            case not Greeting.None:
                await RunAsync(handshake, context, next);
                break;
        }
    }

    private async Task RunAsync(Handshake handshake, ConnectionContext context, ConnectionDelegate next)
    {
        Handshake.Current = handshake;
        try
        {
            await next(context);
        }
        catch (Exception e)
        {
            Say(handshake, RefusalReason.AfterTls(e, handshake, own));
            throw;
        }
        if (own is not null && context.Features.Get<ITlsApplicationProtocolFeature>() is null)
            Say(handshake, RefusalReason.OfTls(handshake, own));
    }

    private async Task IntroduceAsync(ConnectionContext context, ConnectionDelegate next, Serializer<Introduction> serializer)
    {
        using var patience = new CancellationTokenSource(Patience);
        var peer = await Introduction.PeekAsync(context.Transport.Input, serializer, patience.Token);
        var certificate = context.Features.Get<ITlsConnectionFeature>()?.RemoteCertificate;
        var address = peer?.SiloAddress?.Endpoint.Address;
        if (address is null || (certificate is not null && CertificateText.IsFor(certificate, address)))
            await next(context);
        else
            Say(Handshake.Current!, CertificateText.Misnamed(certificate, address));
    }

    // Our own introduction tells it, and is lost if the connection is cut before it was read: the other side goes first.
    private static async Task PartAsync(ConnectionContext context, ConnectionDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (InvalidOperationException e) when (RefusalReason.IsOfAnotherCluster(e))
        {
            using var patience = new CancellationTokenSource(Farewell);
            await WaitForEndAsync(context.Transport.Input, patience.Token);
            throw;
        }
    }

    private static async Task WaitForEndAsync(PipeReader input, CancellationToken patience)
    {
        try
        {
            for (var isOver = false; !isOver;)
            {
                var read = await input.ReadAsync(patience);
                isOver = read.IsCompleted || read.IsCanceled;
                input.AdvanceTo(read.Buffer.End);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // However it ended, it is over.
        }
    }

    private void Say(Handshake handshake, string? problem)
    {
        if (problem is null)
            return;
        var line = handshake.Line(problem);
        if (handshake.Peer == PeerRole.Listens)
        {
            _last = new(line, time.GetUtcNow());
            // The same is wrong with all silos: one of them stands for all.
            refusals.Add(line, problem);
        }
        else
        {
            refusals.Add(line);
        }
    }

    private sealed record Refusal(string Line, DateTimeOffset Time);
}
