using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using TuneGrid.Training.Files;

namespace TuneGrid.Silo.Security;

/// <summary>Reads certificates from files that people name, and says in one line what is wrong with one.</summary>
internal static class CertificateFile
{
    private const int InvalidPassword = unchecked((int)0x80070056);

    /// <returns>Everything in the file: a certificate with its key, and usually those that vouch for it.</returns>
    /// <exception cref="CertificateException">The file is missing, is no .pfx or has another password.</exception>
    public static X509Certificate2Collection ReadPfx(string path, string? password)
    {
        var bytes = Read(path);
        if (!IsPfx(bytes))
        {
            throw new CertificateException(
                $"'{path}' is no .pfx (PKCS #12) file; 'tunegrid cluster certificate' makes one, 'openssl pkcs12 -export' wraps PEM files");
        }
        try
        {
            return X509CertificateLoader.LoadPkcs12Collection(bytes, password);
        }
        catch (CryptographicException e) when (e.HResult == InvalidPassword)
        {
            throw new CertificateException(
                string.IsNullOrEmpty(password)
                    ? $"'{path}' needs a password: set {ClusterCertificate.PasswordVariable}"
                    : $"'{path}' has another password than {ClusterCertificate.PasswordVariable}", e);
        }
        catch (CryptographicException e)
        {
            throw Damaged(path, e);
        }
    }

    /// <returns>All certificates of a PEM file, or the one of a DER file.</returns>
    /// <exception cref="CertificateException">The file is missing or holds none.</exception>
    public static X509Certificate2Collection ReadCertificates(string path)
    {
        var bytes = Read(path);
        var found = new X509Certificate2Collection();
        try
        {
            if (X509Certificate2.GetCertContentType(bytes) == X509ContentType.Cert)
                found.ImportFromPem(Encoding.ASCII.GetString(bytes));
            if (found.Count == 0)
                found.Add(X509CertificateLoader.LoadCertificate(bytes));
            return found;
        }
        catch (CryptographicException e)
        {
            throw new CertificateException($"'{path}' holds no certificate; expected PEM or DER, for example authority.crt", e);
        }
    }

    public static CertificateException Damaged(string path, Exception cause) =>
        new($"'{path}' can't be read ({cause.Message.ReplaceLineEndings(" ").TrimEnd('.')})", cause);

    private static byte[] Read(string path)
    {
        try
        {
            return FileKinds.Of(path) == FileKind.Special
                ? throw new CertificateException($"'{path}' is a device or a pipe, which may have no end; expected a file")
                : File.Exists(path) ? File.ReadAllBytes(path)
                : throw new CertificateException($"there is no file '{path}'");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Damaged(path, e);
        }
    }

    private static bool IsPfx(byte[] bytes)
    {
        try
        {
            return X509Certificate2.GetCertContentType(bytes) == X509ContentType.Pfx;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
