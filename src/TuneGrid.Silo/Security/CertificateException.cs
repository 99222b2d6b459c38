namespace TuneGrid.Silo.Security;

/// <summary>
/// A certificate, key or authority can't be used. The message is one line: which file, what is wrong, and how to mend it.
/// </summary>
public sealed class CertificateException(string message, Exception? inner = null) : Exception(message, inner);
