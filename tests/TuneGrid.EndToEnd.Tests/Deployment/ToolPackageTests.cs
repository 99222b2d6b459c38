using System.Diagnostics;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using TuneGrid.Testing;
using TuneGrid.Testing.Processes;

namespace TuneGrid.EndToEnd.Tests.Deployment;

/// <summary>The .NET tool as somebody gets it who installs it: from the packed file alone, without repository and network.</summary>
[Trait("Category", "Slow")]
public sealed class ToolPackageTests : IDisposable
{
    private readonly Sandbox _sandbox = new();
    private readonly string _packages;

    public ToolPackageTests()
    {
        _packages = Directory.CreateDirectory(Path.Combine(_sandbox.Folder, "packages")).FullName;
        _sandbox.Write("NuGet.Config", $"""
            <configuration>
              <packageSources><clear /><add key="packed" value="{_packages}" /></packageSources>
            </configuration>
            """);
    }

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void The_packed_tool_describes_itself_installs_and_runs_a_search()
    {
        // Packs what this test run was built from, beside this assembly: bin/CONFIGURATION/net10.0.
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var project = Path.Combine(Repository.Root, "src", "TuneGrid.Cli");
        Run("dotnet", "pack", project, "-c", configuration, "--no-build", "-o", _packages, "-nodeReuse:false");
        var package = Assert.Single(Directory.GetFiles(_packages));
        var version = Described(package);

        var tools = Path.Combine(_sandbox.Folder, "tools");
        Run("dotnet", "tool", "install", "TuneGrid", "--version", version, "--tool-path", tools, "--add-source", _packages);
        var tunegrid = Path.Combine(tools, OperatingSystem.IsWindows() ? "tunegrid.exe" : "tunegrid");

        Assert.Contains($"home             {_sandbox.Home}", Run(tunegrid, "doctor"), StringComparison.Ordinal);
        Run(tunegrid, "corpus", "add", "tiny", "--train", _sandbox.WriteStories());
        var found = Run(tunegrid, "search", _sandbox.WriteSpace("tiny", trials: 2, steps: 9), "--threads", "1", "--output", "json");
        var study = JsonNode.Parse(found.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1])!;
        Assert.Equal("completed", study["status"]!.GetValue<string>());
    }

    /// <summary>Checks what the package says and holds; returns its version.</summary>
    private static string Described(string package)
    {
        using var zip = ZipFile.OpenRead(package);
        using var manifest = zip.GetEntry("TuneGrid.nuspec")!.Open();
        var metadata = XDocument.Load(manifest).Root!.Elements().Single(e => e.Name.LocalName == "metadata")
            .Elements().ToDictionary(e => e.Name.LocalName);
        Assert.Contains("hyperparameter search", metadata["description"].Value, StringComparison.Ordinal);
        Assert.Equal("MIT", metadata["license"].Value);
        Assert.StartsWith("https://", metadata["projectUrl"].Value, StringComparison.Ordinal);
        Assert.StartsWith("https://", metadata["repository"].Attribute("url")!.Value, StringComparison.Ordinal);
        Assert.Contains("hyperparameter-search", metadata["tags"].Value, StringComparison.Ordinal);
        Assert.NotNull(zip.GetEntry(metadata["readme"].Value));

        // One package for all systems, so it has the native libraries of each.
        string[] libraries = ["linux-x64/native/libe_sqlite3.so", "osx-arm64/native/libe_sqlite3.dylib", "win-x64/native/e_sqlite3.dll"];
        foreach (var library in libraries)
            Assert.Contains(zip.Entries, e => e.FullName.EndsWith($"/runtimes/{library}", StringComparison.Ordinal));
        Assert.DoesNotContain(zip.Entries, e => e.FullName.Contains("/android", StringComparison.Ordinal));
        return metadata["version"].Value;
    }

    /// <summary>Runs a program that must succeed, at an empty home; returns its stdout.</summary>
    private string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _sandbox.Folder,
            Environment =
            {
                ["TUNEGRID_HOME"] = _sandbox.Home,
                ["DOTNET_CLI_HOME"] = _sandbox.Folder,
                // Where the runtime of this test lies: the installed program looks only there and in the system's folder.
                ["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..")),
            },
        };
        start.Environment.Remove("TUNEGRID_STORE");
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}\n{output}{errors.GetAwaiter().GetResult()}");
        return output;
    }
}
