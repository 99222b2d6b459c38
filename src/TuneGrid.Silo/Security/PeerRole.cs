using System.Security.Cryptography;

namespace TuneGrid.Silo.Security;

/// <summary>Which end of a connection somebody is.</summary>
internal enum PeerRole
{
    /// <summary>A silo, reached by others: what X.509 calls a server.</summary>
    Listens,

    /// <summary>A silo or a search that reaches out: what X.509 calls a client.</summary>
    Dials,
}

internal static class PeerRoles
{
    public const string ServerPurpose = "1.3.6.1.5.5.7.3.1", ClientPurpose = "1.3.6.1.5.5.7.3.2";

    /// <summary>The extended key usage that a certificate needs for it.</summary>
    public static Oid Purpose(this PeerRole role) => new(role == PeerRole.Listens ? ServerPurpose : ClientPurpose);
}
