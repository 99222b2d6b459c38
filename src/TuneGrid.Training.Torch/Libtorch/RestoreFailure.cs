namespace TuneGrid.Training.Torch.Libtorch;

/// <summary>What a failed <c>dotnet restore</c> means to the person who installs libtorch.</summary>
internal static class RestoreFailure
{
    public static string NoSdk { get; } =
        "fetching libtorch needs the .NET SDK's 'dotnet restore', and there is no SDK here: "
        + $"install it, or unpack libtorch {LibtorchPackage.Version} yourself and name its folder in {LibtorchFolder.Variable}";

    /// <summary>Returns one line.</summary>
    /// <param name="said">All that it wrote.</param>
    public static string Explain(string said, string package)
    {
        if (said.Contains("No .NET SDKs were found", StringComparison.Ordinal))
            return NoSdk;
        if (said.Contains("No space left", StringComparison.OrdinalIgnoreCase)
            || said.Contains("not enough space", StringComparison.OrdinalIgnoreCase))
            return "the disk is full: make room, also where NuGet keeps its cache ('dotnet nuget locals http-cache --clear' empties it)";
        var line = said.Split('\n').Select(l => l.Trim())
            .FirstOrDefault(l => l.Contains("error ", StringComparison.Ordinal))
            ?? "dotnet restore failed and does not say why";
        // The project's file, which is gone again, stands before the error and in brackets behind it.
        line = line[Math.Max(0, line.IndexOf("error ", StringComparison.Ordinal))..].Split(" [")[0].TrimEnd('.');
        if (line.Contains("NU1301", StringComparison.Ordinal))
            return $"no package source answers: is there a network, a proxy to set, another source to configure? NuGet says: {line}";
        return line.Contains("NU110", StringComparison.Ordinal)
            ? $"no package source has {package} {LibtorchPackage.Version} ('dotnet nuget list source' shows them): add one. "
                + $"NuGet says: {line}"
            : $"libtorch could not be fetched. NuGet says: {line}";
    }
}
