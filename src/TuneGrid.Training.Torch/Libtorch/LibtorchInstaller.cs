using System.ComponentModel;
using System.Diagnostics;

namespace TuneGrid.Training.Torch.Libtorch;

/// <summary>Why libtorch could not be installed: one line, fit for users.</summary>
public sealed class LibtorchInstallException(string message) : IOException(message);

/// <summary>
/// Fetches libtorch's package for one platform with <c>dotnet restore</c>, so that NuGet's sources, proxies, credentials and signature
/// checks apply, and moves its files into place as a whole: there is never half a library.
/// </summary>
/// <param name="home">The folder that holds all that TuneGrid keeps.</param>
/// <param name="dotnet">The .NET SDK's program.</param>
public sealed class LibtorchInstaller(string home, LibtorchPackage package, string dotnet)
{
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(1);
    private readonly string _target = LibtorchFolder.Installed(home);
    private readonly string _staging = Path.Combine(home, "torch", "staging");

    /// <summary>Null, or why what is fetched can't be loaded on this very system; another one may share the home.</summary>
    public static string? Warning => CppLibrary.Problem;

    /// <summary>Returns the program of the .NET that runs this one, else the one that the environment names or the path leads to.</summary>
    public static string FindDotnet(Func<string, string?> variable)
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        if (Path.GetFileName(Environment.ProcessPath) == name)
            return Environment.ProcessPath!;
        return variable("DOTNET_ROOT") is { Length: > 0 } root && Path.Combine(root, name) is var program && File.Exists(program)
            ? program : name;
    }

    /// <summary>Returns false where it was there already.</summary>
    /// <param name="progress">Told every second how long it has taken.</param>
    /// <exception cref="LibtorchInstallException">No SDK, no network, no such package, no room, or another one is at it.</exception>
    public async Task<bool> InstallAsync(IProgress<TimeSpan> progress, CancellationToken cancellation)
    {
        if (Directory.Exists(_target))
            return false;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_target)!);
            using var turn = Lock();
            Clear();
            try
            {
                RefuseFullDisk();
                await RestoreAsync(progress, cancellation);
                MoveIntoPlace();
            }
            finally
            {
                Clear();
            }
        }
        catch (Exception e) when (e is IOException and not LibtorchInstallException or UnauthorizedAccessException)
        {
            throw new LibtorchInstallException($"libtorch can't be installed under {home}: {e.Message}");
        }
        return true;
    }

    private FileStream Lock()
    {
        try
        {
            var path = Path.Combine(home, "torch", "install.lock");
            return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException e) when (e is not DirectoryNotFoundException)
        {
            throw new LibtorchInstallException("another 'tunegrid torch install' is at work: wait for it");
        }
    }

    private void Clear()
    {
        if (Directory.Exists(_staging))
            Directory.Delete(_staging, recursive: true);
    }

    /// <summary>Package and unpacked files lie there side by side for a while.</summary>
    private void RefuseFullDisk()
    {
        var (needed, free) = (package.DownloadBytes + package.DiskBytes, new DriveInfo(Path.GetFullPath(home)).AvailableFreeSpace);
        if (free < needed)
        {
            throw new LibtorchInstallException(
                $"libtorch needs {needed / 1_000_000} MB under {home} for a while, and {free / 1_000_000} MB are free");
        }
    }

    private async Task RestoreAsync(IProgress<TimeSpan> progress, CancellationToken cancellation)
    {
        var project = Path.Combine(_staging, "libtorch.proj");
        Directory.CreateDirectory(_staging);
        await File.WriteAllTextAsync(project, Project(), cancellation);
        using var restore = Start(project);
        var said = Task.WhenAll(
            restore.StandardOutput.ReadToEndAsync(CancellationToken.None),
            restore.StandardError.ReadToEndAsync(CancellationToken.None));
        try
        {
            var start = Stopwatch.GetTimestamp();
            var end = restore.WaitForExitAsync(cancellation);
            while (await Task.WhenAny(end, Task.Delay(ReportEvery, CancellationToken.None)) != end)
                progress.Report(Stopwatch.GetElapsedTime(start));
            await end;
        }
        catch (OperationCanceledException)
        {
            restore.Kill(entireProcessTree: true);
            await restore.WaitForExitAsync(CancellationToken.None);
            throw;
        }
        if (restore.ExitCode != 0)
            throw new LibtorchInstallException(RestoreFailure.Explain(string.Join('\n', await said), package.Name));
    }

    private Process Start(string project)
    {
        var start = new ProcessStartInfo(dotnet)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = _staging,
        };
        foreach (var argument in (ReadOnlySpan<string>)["restore", project, "-v", "q", "--tl:off", "-nodeReuse:false"])
            start.ArgumentList.Add(argument);
        // What is read from it are NuGet's codes and a few English words.
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw new LibtorchInstallException(RestoreFailure.NoSdk);
        }
    }

    /// <summary>A download and nothing else; what Directory.*.props lie above the home are none of its business.</summary>
    private string Project() => $"""
        <Project>
          <PropertyGroup>
            <ImportDirectoryBuildProps>false</ImportDirectoryBuildProps>
            <ImportDirectoryBuildTargets>false</ImportDirectoryBuildTargets>
            <ImportDirectoryPackagesProps>false</ImportDirectoryPackagesProps>
          </PropertyGroup>
          <Import Project="Sdk.props" Sdk="Microsoft.NET.Sdk" />
          <PropertyGroup>
            <TargetFramework>net{Environment.Version.Major}.0</TargetFramework>
            <DisableImplicitFrameworkReferences>true</DisableImplicitFrameworkReferences>
            <NuGetAudit>false</NuGetAudit>
            <RestorePackagesPath>packages</RestorePackagesPath>
          </PropertyGroup>
          <ItemGroup>
            <PackageDownload Include="{package.Name}" Version="[{LibtorchPackage.Version}]" />
          </ItemGroup>
          <Import Project="Sdk.targets" Sdk="Microsoft.NET.Sdk" />
        </Project>
        """;

    private void MoveIntoPlace()
    {
        var unpacked = Path.Combine(_staging, "packages", package.Name, LibtorchPackage.Version);
        var files = Path.Combine(unpacked, "runtimes", package.Platform, "native");
        if (!Directory.Exists(files))
            throw new LibtorchInstallException($"the package {package.Name} holds no runtimes/{package.Platform}/native");
        foreach (var license in Directory.GetFiles(unpacked, "LICENSE*"))
            File.Move(license, Path.Combine(files, Path.GetFileName(license)));
        // On a Mac the wrapper finds libtorch only in its own folder.
        if (LibTorchSharpFile.Find() is { } wrapper)
            File.Copy(wrapper, Path.Combine(files, Path.GetFileName(wrapper)));
        Directory.Move(files, _target);
    }
}
