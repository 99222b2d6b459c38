using System.Net;
using System.Net.Sockets;
using TuneGrid.Silo.Security;

namespace TuneGrid.Silo.Hosting;

/// <summary>How a silo is reached by the other silos and by searches.</summary>
public sealed record OrleansOptions
{
    /// <summary>
    /// The address of this machine that the others reach it by. On loopback, the default, only silos and searches of this machine can.
    /// </summary>
    public IPAddress Listen { get; init; } = IPAddress.Loopback;

    /// <summary>Of the other silos' connections; 0 takes a free one. Searches connect to the next port.</summary>
    public int Port { get; init; }

    /// <summary>How connections are secured. Silos and clients with and without TLS don't meet.</summary>
    public ClusterSecurity Security { get; init; } = ClusterSecurity.None;

    /// <summary>Reads <c>ADDRESS</c> or <c>ADDRESS:PORT</c>; IPv6 with a port stands in brackets.</summary>
    /// <exception cref="FormatException">It is neither.</exception>
    public static OrleansOptions Parse(string text)
    {
        // In brackets stands an address with a port, which the plain reader would drop.
        if (!text.StartsWith('[') && IPAddress.TryParse(text, out var address) && !IsAny(address))
            return new() { Listen = address };
        return IPEndPoint.TryParse(text, out var endpoint) && endpoint.Port is > 0 and < ushort.MaxValue && !IsAny(endpoint.Address)
            ? new() { Listen = endpoint.Address, Port = endpoint.Port }
            : throw new FormatException($"'{text}' is no address of this machine: expected for example 192.0.2.7 or 192.0.2.7:11111");
    }

    /// <summary>Whether this machine has the address, so that a silo can listen there.</summary>
    public bool IsHere()
    {
        using var socket = new Socket(Listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(Listen, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    // The others have to know where to go.
    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
}
