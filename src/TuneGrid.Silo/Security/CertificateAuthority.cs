using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using TuneGrid.Training.Files;

namespace TuneGrid.Silo.Security;

/// <summary>
/// The authority of a cluster, kept in a folder: authority.crt, which may be known to all, and authority.key, with which anybody lets
/// anybody into the cluster.
/// </summary>
public sealed class CertificateAuthority : IDisposable
{
    private const int KeyIterations = 600_000;

    /// <summary>How long an authority lasts; and a certificate, which macOS refuses beyond 825 days.</summary>
    public static readonly TimeSpan AuthorityLife = TimeSpan.FromDays(3650), CertificateLife = TimeSpan.FromDays(730);

    // The clocks of machines differ, and nobody waits a day to use a new certificate.
    private static readonly TimeSpan Backdate = TimeSpan.FromDays(1);
    private readonly X509Certificate2 _certificate;
    private readonly string _folder;
    private readonly string? _password;
    private readonly TimeProvider _time;

    private CertificateAuthority(X509Certificate2 certificate, string folder, string? password, TimeProvider time, bool isNew) =>
        (_certificate, _folder, _password, _time, IsNew) = (certificate, folder, password, time, isNew);

    /// <summary>Whether it was made just now.</summary>
    public bool IsNew { get; }

    public string Name => CertificateText.Name(_certificate);

    public DateTimeOffset ExpiresAt => _certificate.NotAfter;

    /// <summary>The file with its certificate.</summary>
    public string Path => CertificatePath(_folder);

    internal X509Certificate2 Certificate => _certificate;

    /// <summary>Opens the authority of a folder, or makes one where there is none.</summary>
    /// <param name="password">Of its private key; null or empty for none.</param>
    /// <exception cref="CertificateException">What is there can't be used.</exception>
    /// <exception cref="IOException">The folder can't be written; <see cref="UnauthorizedAccessException"/> likewise.</exception>
    public static CertificateAuthority OpenOrCreate(string folder, string? password, TimeProvider time)
    {
        var (certificate, key) = (CertificatePath(folder), KeyPath(folder));
        if (File.Exists(certificate) && File.Exists(key))
            return Open(folder, password, time);
        if (File.Exists(certificate) || File.Exists(key))
        {
            var (there, missing) = File.Exists(certificate) ? (certificate, key) : (key, certificate);
            throw new CertificateException(
                $"there is '{there}' without '{missing}': issue certificates where both are, or start anew in an empty folder");
        }
        if (FileKinds.Of(folder) is FileKind.Regular or FileKind.Special)
            throw new CertificateException($"'{folder}' is no folder; expected one for the authority and its certificates");
        KeyFile.CreateFolder(folder);
        return Create(folder, password, time);
    }

    /// <summary>Makes a certificate for both ends of connections; writes it with its key and the authority as <c>NAME.pfx</c>.</summary>
    /// <param name="hosts">Host names and addresses by which whoever has it is dialled.</param>
    /// <exception cref="CertificateException">There is one of this name that is still valid.</exception>
    public IssuedCertificate Issue(string name, IReadOnlyList<string> hosts)
    {
        var path = System.IO.Path.Combine(_folder, $"{FileName(name)}.pfx");
        var now = _time.GetUtcNow();
        var isReplaced = File.Exists(path);
        if (isReplaced)
            ThrowUnlessExpired(path, now);
        var until = new[] { now + CertificateLife, ExpiresAt }.Min();
        using var certificate = CertificateRequests.Issue(
            _certificate, name, hosts, [PeerRoles.ServerPurpose, PeerRoles.ClientPurpose], now - Backdate, until);
        using var authority = X509CertificateLoader.LoadCertificate(_certificate.RawData);
        X509Certificate2Collection content = [certificate, authority];
        KeyFile.Write(path, content.ExportPkcs12(Pkcs12ExportPbeParameters.Pbes2Aes256Sha256, _password));
        return new(path, name, hosts, certificate.NotAfter, isReplaced);
    }

    public void Dispose() => _certificate.Dispose();

    private static string CertificatePath(string folder) => System.IO.Path.Combine(folder, "authority.crt");

    private static string KeyPath(string folder) => System.IO.Path.Combine(folder, "authority.key");

    private static CertificateAuthority Create(string folder, string? password, TimeProvider time)
    {
        // Two authorities of one machine must be told apart in a log.
        var name = $"TuneGrid authority {RandomNumberGenerator.GetHexString(6, lowercase: true)} of {MachineNames.Host}";
        var now = time.GetUtcNow();
        var certificate = CertificateRequests.Authority(name, now - Backdate, now + AuthorityLife);
        using var key = certificate.GetECDsaPrivateKey()!;
        var protection = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, KeyIterations);
        KeyFile.Write(KeyPath(folder), Encoding.ASCII.GetBytes(string.IsNullOrEmpty(password)
            ? key.ExportPkcs8PrivateKeyPem()
            : key.ExportEncryptedPkcs8PrivateKeyPem(password, protection)));
        AtomicFile.Write(CertificatePath(folder), file => file.Write(Encoding.ASCII.GetBytes(certificate.ExportCertificatePem())));
        return new(certificate, folder, password, time, isNew: true);
    }

    private static CertificateAuthority Open(string folder, string? password, TimeProvider time)
    {
        var (certificate, key) = (CertificatePath(folder), KeyPath(folder));
        X509Certificate2 read;
        try
        {
            var pem = File.ReadAllText(key);
            var isEncrypted = pem.Contains("ENCRYPTED", StringComparison.Ordinal);
            if (isEncrypted && string.IsNullOrEmpty(password))
                throw new CertificateException($"'{key}' needs a password: set {ClusterCertificate.PasswordVariable}");
            read = isEncrypted
                ? X509Certificate2.CreateFromEncryptedPem(File.ReadAllText(certificate), pem, password)
                : X509Certificate2.CreateFromPem(File.ReadAllText(certificate), pem);
        }
        catch (CryptographicException e)
        {
            throw new CertificateException(
                $"'{certificate}' and '{key}' can't be used: they are damaged, no pair, "
                + $"or {ClusterCertificate.PasswordVariable} is another password", e);
        }
        if (read.NotAfter < time.GetUtcNow())
        {
            throw new CertificateException(
                $"the authority '{certificate}' expired on {CertificateText.Day(read.NotAfter)}: make another in an empty folder");
        }
        return new(read, folder, password, time, isNew: false);
    }

    private void ThrowUnlessExpired(string path, DateTimeOffset now)
    {
        var there = CertificateFile.ReadPfx(path, _password).FirstOrDefault(c => c.HasPrivateKey);
        if (there is not null && there.NotAfter >= now)
        {
            throw new CertificateException(
                $"'{path}' is valid until {CertificateText.Day(there.NotAfter)}: remove it first, or issue another with --name");
        }
    }

    private static string FileName(string name) =>
        string.Concat(name.Select(c => c is ':' or '/' or '\\' || System.IO.Path.GetInvalidFileNameChars().Contains(c) ? '-' : c));
}

/// <param name="Path">The file with the certificate, its key and its authority's certificate.</param>
/// <param name="Hosts">Host names and addresses by which whoever has it may be dialled.</param>
/// <param name="IsReplaced">Whether it took the place of one that had expired.</param>
public sealed record IssuedCertificate(string Path, string Name, IReadOnlyList<string> Hosts, DateTimeOffset ExpiresAt, bool IsReplaced);
