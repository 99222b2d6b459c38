using System.Text.RegularExpressions;

namespace TuneGrid.Storage;

/// <summary>Keeps passwords out of what people and logs read.</summary>
public static class Secrets
{
    private const string Hidden = "***";

    // To the last '@' of a word: a password may hold one. A colon before two slashes ends a scheme.
    private static readonly Regex UserInfo = new(
        @"(//[^\s:@/]*|[\w.%+-]+):(?:[^\s/\\]|/[^\s/])\S*@", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    private static readonly Regex Queried = new(
        @"([?&][\w.%-]+)=[^&\s""']+", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    // Pasword, passwd, pwd, sslpassword, passphrase ...
    private static readonly Regex Named = new(
        @"(\w*(?:pas{1,2}w\w*|pwd|passphrase)\s*)=\s*(?:""[^""]*""|'[^']*'|[^;&\s""']+)",
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

    /// <summary>
    /// Returns the text with what looks like a password in it hidden: <c>user:PASSWORD@host</c>, <c>Password=...</c> and what a query says.
    /// </summary>
    public static string Mask(string text) =>
        Named.Replace(
            Queried.Replace(UserInfo.Replace(text, "$1:" + Hidden + "@"), "$1=" + Hidden),
            // An example's dots hide nothing.
            found => found.Value.EndsWith("=...", StringComparison.Ordinal) ? found.Value : found.Groups[1].Value + "=" + Hidden);

    /// <summary>Returns an address without its user, and without what a query carries: tokens and signatures.</summary>
    public static string Mask(Uri address)
    {
        var user = address.UserInfo.Length > 0 ? Hidden + "@" : "";
        var query = address.Query.Length > 1 ? "?" + Hidden : "";
        return $"{address.Scheme}://{user}{address.Authority}{address.AbsolutePath}{query}";
    }

    /// <summary>Whether a text holds a password as addresses and connection strings do, however they are misspelt.</summary>
    internal static bool AreIn(string text) => UserInfo.IsMatch(text) || Named.IsMatch(text);
}
