using TuneGrid.Testing.Processes;
using TuneGrid.Training.Torch.Libtorch;

namespace TuneGrid.Training.Torch.Tests.Libtorch;

/// <summary>What <c>tunegrid torch install</c> leaves behind: all of libtorch or nothing, and one line that says why.</summary>
public sealed class LibtorchInstallerTests
{
    private static readonly LibtorchPackage Small = LibtorchPackage.For("linux-x64")! with { DownloadBytes = 1, DiskBytes = 1 };

    [NeedsFact(Need.Unix)]
    public async Task Installs_once()
    {
        using var dotnet = new FakeDotnet(FakeDotnet.Unpacks);

        Assert.True(await InstallAsync(dotnet));
        Assert.False(await InstallAsync(dotnet));

        var folder = LibtorchFolder.Installed(dotnet.Home);
        Assert.Equal("code\n", File.ReadAllText(Path.Combine(folder, "libtorch_cpu.so")));
        Assert.True(File.Exists(Path.Combine(folder, "LICENSE-LIBTORCH.txt")));
        Assert.Equal([folder], Directory.GetFileSystemEntries(Path.Combine(dotnet.Home, "torch")));
        Assert.StartsWith("restore ", Assert.Single(File.ReadAllLines(dotnet.Calls)), StringComparison.Ordinal);
    }

    /// <summary>The wrapper beside libtorch is how it is found on a Mac.</summary>
    [NeedsFact(Need.Unix)]
    public async Task Puts_the_wrapper_beside_it()
    {
        using var dotnet = new FakeDotnet(FakeDotnet.Unpacks);

        await InstallAsync(dotnet);

        Assert.True(new LibtorchFolder(LibtorchFolder.Installed(dotnet.Home), null).Has("LibTorchSharp"));
    }

    [NeedsFact(Need.Unix)]
    public async Task What_a_killed_one_left_is_cleared_away()
    {
        using var dotnet = new FakeDotnet(FakeDotnet.Unpacks);
        var package = Path.Combine(dotnet.Home, "torch", "staging", "packages", "libtorch-cpu-linux-x64", "2.10.0");
        var half = Directory.CreateDirectory(Path.Combine(package, "runtimes", "linux-x64", "native"));
        File.WriteAllText(Path.Combine(half.FullName, "libhalf.so"), "half");

        Assert.True(await InstallAsync(dotnet));

        Assert.False(File.Exists(Path.Combine(LibtorchFolder.Installed(dotnet.Home), "libhalf.so")));
    }

    [NeedsTheory(Need.Unix)]
    [InlineData(
        "echo '/x/libtorch.proj : error NU1301: Unable to load the service index for source https://example.org. [/x/libtorch.proj]'; "
        + "exit 1",
        "no package source answers")]
    [InlineData("echo '/x/libtorch.proj : error NU1101: Unable to find package libtorch-cpu-linux-x64. [/x]'; exit 1",
        "no package source has libtorch-cpu-linux-x64 2.10.0")]
    [InlineData("echo '/x/libtorch.proj : error : No space left on device : /x/y.so'; exit 1", "the disk is full")]
    [InlineData("echo 'No .NET SDKs were found.' >&2; exit 145", "there is no SDK here")]
    [InlineData("echo '/x/libtorch.proj : error NU3004: The package is not signed. [/x]'; exit 1",
        "NuGet says: error NU3004: The package is not signed")]
    [InlineData("exit 1", "does not say why")]
    [InlineData("exit 0", "holds no runtimes/linux-x64/native")]
    public async Task A_failure_is_one_line_and_leaves_nothing(string script, string expected)
    {
        using var dotnet = new FakeDotnet(script);

        var failure = await Assert.ThrowsAsync<LibtorchInstallException>(() => InstallAsync(dotnet));

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(dotnet.Home, "torch")));
    }

    [NeedsFact(Need.Unix)]
    public async Task No_dotnet_at_all()
    {
        using var dotnet = new FakeDotnet("");

        var failure = await Assert.ThrowsAsync<LibtorchInstallException>(() =>
            new LibtorchInstaller(dotnet.Home, Small, "/nowhere/dotnet").InstallAsync(new Waits(), default));

        Assert.Contains("needs the .NET SDK", failure.Message, StringComparison.Ordinal);
    }

    [NeedsFact(Need.Unix)]
    public async Task Too_little_room_is_told_before_the_download()
    {
        using var dotnet = new FakeDotnet(FakeDotnet.Unpacks);
        var huge = Small with { DiskBytes = long.MaxValue / 2 };

        var failure = await Assert.ThrowsAsync<LibtorchInstallException>(() =>
            new LibtorchInstaller(dotnet.Home, huge, dotnet.Program).InstallAsync(new Waits(), default));

        Assert.Matches(@"^libtorch needs \d+ MB under .* for a while, and \d+ MB are free$", failure.Message);
        Assert.False(File.Exists(dotnet.Calls));
    }

    [NeedsFact(Need.Unix)]
    public async Task Two_at_once_are_one_too_many()
    {
        using var dotnet = new FakeDotnet("sleep 60");
        using var stop = new CancellationTokenSource();
        var waits = new Waits();
        var first = new LibtorchInstaller(dotnet.Home, Small, dotnet.Program).InstallAsync(waits, stop.Token);
        await waits.First;

        var failure = await Assert.ThrowsAsync<LibtorchInstallException>(() => InstallAsync(dotnet));

        Assert.Contains("another 'tunegrid torch install' is at work", failure.Message, StringComparison.Ordinal);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
    }

    [NeedsFact(Need.Unix)]
    public async Task Interrupted_it_leaves_nothing()
    {
        using var dotnet = new FakeDotnet($"{FakeDotnet.Unpacks}\nsleep 60");
        using var stop = new CancellationTokenSource();
        var waits = new Waits();
        var install = new LibtorchInstaller(dotnet.Home, Small, dotnet.Program).InstallAsync(waits, stop.Token);
        await waits.First;

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => install);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(dotnet.Home, "torch")));
    }

    private static Task<bool> InstallAsync(FakeDotnet dotnet) =>
        new LibtorchInstaller(dotnet.Home, Small, dotnet.Program).InstallAsync(new Waits(), default);

    /// <summary>Tells when the installer first waited for its program.</summary>
    private sealed class Waits : IProgress<TimeSpan>
    {
        private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task First => _first.Task;

        public void Report(TimeSpan value) => _first.TrySetResult();
    }
}
