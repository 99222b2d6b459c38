using TuneGrid.Training.Torch.Libtorch;

namespace TuneGrid.Training.Torch.Tests.Libtorch;

/// <summary>Which libtorch is taken, and what a wrong one is told.</summary>
public sealed class LibtorchFolderTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("tunegrid-libtorch-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Unless_named_it_is_what_was_installed()
    {
        var folder = LibtorchFolder.Find(_root, _ => null);

        Assert.Equal(Path.Combine(_root, "torch", "0.107.0"), folder.Path);
        if (LibtorchPackage.For(LibtorchPackage.ThisPlatform) is not null)
            Assert.Equal("libtorch is not installed: run 'tunegrid torch install'", folder.Problem());
        Put("torch/0.107.0");
        Assert.Null(folder.Problem());
    }

    [Theory]
    [InlineData("unpacked/lib", "unpacked")]
    [InlineData("unpacked/lib", "unpacked/lib")]
    public void A_named_folder_may_be_the_archives_or_its_lib(string files, string named)
    {
        Put(files);

        var folder = Named(named);

        Assert.Equal(Path.Combine(_root, "unpacked", "lib"), folder.Path);
        Assert.Null(folder.Problem());
    }

    [Theory]
    [InlineData("nowhere", "is no folder")]
    [InlineData("empty", "with its companions, nor has its lib/")]
    public void A_wrong_folder_is_one_line(string named, string expected)
    {
        Directory.CreateDirectory(Path.Combine(_root, "empty"));

        var problem = Named(named).Problem();

        Assert.StartsWith($"TUNEGRID_LIBTORCH={Path.Combine(_root, named)} ", problem, StringComparison.Ordinal);
        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', problem!);
    }

    /// <summary>An archive says its release in build-version, a Python package in version.py.</summary>
    [Theory]
    [InlineData("build-version", "2.10.0+cu128\n", null)]
    [InlineData("build-version", "2.1.0+cu121\n", "2.1.0+cu121")]
    [InlineData("build-version", "2.11.0+cpu\n", "2.11.0+cpu")]
    [InlineData("version.py", "from typing import Optional\n__version__ = '2.10.1+cu126'\ndebug = False\n", null)]
    [InlineData("version.py", "from typing import Optional\n__version__ = '2.9.0'\ndebug = False\n", "2.9.0")]
    public void Another_release_is_refused(string file, string text, string? told)
    {
        Put("torch/lib");
        File.WriteAllText(Path.Combine(_root, "torch", file), text);

        var problem = Named("torch").Problem();

        if (told is null)
            Assert.Null(problem);
        else
            Assert.EndsWith($"holds libtorch {told}, and TorchSharp 0.107.0 works with 2.10: name one of that",
                problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("linux-x64", "libtorch-cpu-linux-x64")]
    [InlineData("win-x64", "libtorch-cpu-win-x64")]
    [InlineData("win-arm64", "libtorch-cpu-win-arm64")]
    [InlineData("osx-arm64", "libtorch-cpu-osx-arm64")]
    [InlineData("linux-arm64", null)]
    [InlineData("linux-musl-x64", null)]
    [InlineData("osx-x64", null)]
    public void Each_platform_has_its_package_or_a_reason(string platform, string? package)
    {
        Assert.Equal(package, LibtorchPackage.For(platform)?.Name);
        Assert.Contains($"for {platform}, only for linux-x64, ", LibtorchPackage.Missing(platform), StringComparison.Ordinal);
    }

    private LibtorchFolder Named(string folder) =>
        LibtorchFolder.Find("/none", name => name == LibtorchFolder.Variable ? Path.Combine(_root, folder) : null);

    private void Put(string folder)
    {
        var path = Directory.CreateDirectory(Path.Combine(_root, folder)).FullName;
        foreach (var library in (string[])["c10", "torch_cpu", "torch"])
            File.WriteAllText(Path.Combine(path, LibtorchFolder.FileName(library)), "");
    }
}
