using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace TuneGrid.Silo.Security;

/// <summary>By what this machine can be dialled.</summary>
public static class MachineNames
{
    public static string Host => Dns.GetHostName();

    /// <returns>Its host name, localhost, and all addresses it has now, loopback last.</returns>
    public static IReadOnlyList<string> All()
    {
        string[] names = [Host, "localhost", .. Addresses().Order(), "127.0.0.1", "::1"];
        return [.. names.Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    // Addresses of a link (fe80::) mean another machine on each network: nobody can be known by one.
    private static IEnumerable<string> Addresses() =>
        NetworkInterface.GetAllNetworkInterfaces()
            .Where(i => i.OperationalStatus == OperationalStatus.Up && i.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(i => i.GetIPProperties().UnicastAddresses)
            .Select(a => a.Address)
            .Where(a => a.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6)
            .Where(a => !a.IsIPv6LinkLocal && !IPAddress.IsLoopback(a))
            .Select(a => CertificateText.Plain(a).ToString());
}
