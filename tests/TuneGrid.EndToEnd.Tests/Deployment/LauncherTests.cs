using System.Diagnostics;
using TuneGrid.Testing;

namespace TuneGrid.EndToEnd.Tests.Deployment;

/// <summary>The launcher, with a stand-in for <c>dotnet</c> that restores and builds what the test says.</summary>
public sealed class LauncherTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tunegrid-launcher-").FullName;

    public LauncherTests()
    {
        foreach (var folder in new[] { "src/TuneGrid.Cli", "bin" })
            Directory.CreateDirectory(Path.Combine(_folder, folder));
        File.Copy(Path.Combine(Repository.Root, "tunegrid"), Path.Combine(_folder, "tunegrid"));
        Write("src/TuneGrid.Cli/Program.cs", "");
        Write("Directory.Build.props", "");
        Write("Directory.Packages.props", "Orleans 1");
        Write("refuses", "");
        Write("refusal", "x.csproj : error NU1101: Unable to find package");
        // It logs what it is asked; "refuses" names the switches that don't restore, "breaks" those that don't compile.
        Write("bin/dotnet", $$"""
            #!/bin/sh
            echo "$@" >> {{_folder}}/calls
            case $1 in
              restore) for s in $(cat {{_folder}}/refuses); do case "$*" in *$s=true*) cat {{_folder}}/refusal; exit 1;; esac; done;;
              build)
                [ -f {{_folder}}/breaks ] && case "$*" in *WithOrleans=true*) echo 'error CS0000'; exit 1;; esac
                mkdir -p {{_folder}}/src/TuneGrid.Cli/bin/Release/net10.0; echo > {{_folder}}/src/TuneGrid.Cli/bin/Release/net10.0/tunegrid.dll;;
            esac
            """);
        // So that no test has to wait: "slow" makes every limit run out at once.
        Write("bin/timeout", $$"""
            #!/bin/sh
            echo "timeout $@" >> {{_folder}}/calls
            [ ! -f {{_folder}}/slow ] || exit 124
            shift
            exec "$@"
            """);
        foreach (var program in new[] { "bin/dotnet", "bin/timeout" })
            File.SetUnixFileMode(Path.Combine(_folder, program), UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_part_that_restores_is_built_in_and_asked_for_once()
    {
        Assert.Contains("with the orleans runtime", Launch(), StringComparison.Ordinal);
        Assert.Single(Calls("build"), c => c.Contains("-p:WithOrleans=true", StringComparison.Ordinal));
        Assert.Equal("", Launch());
        Write("src/TuneGrid.Cli/More.cs", "");
        Launch();
        Assert.Single(Restores());
        Assert.Equal(2, Calls("build").Count);
    }

    [Fact]
    public void A_part_that_does_not_restore_is_left_out_until_versions_or_sources_change()
    {
        Write("refuses", "WithOrleans");
        Assert.Contains("without the orleans runtime", Launch(), StringComparison.Ordinal);
        Assert.DoesNotContain(Calls("build"), c => c.Contains("WithOrleans", StringComparison.Ordinal));
        Assert.Equal("", Launch());
        Write("refuses", "");
        Write("NuGet.Config", "another registry");
        Assert.Contains("with the orleans runtime", Launch(), StringComparison.Ordinal);
        Assert.Equal(2, Restores().Count);
    }

    [Fact]
    public void The_store_runtime_alone_asks_nobody()
    {
        Assert.Contains("TUNEGRID_RUNTIME=store", Launch("store"), StringComparison.Ordinal);
        Assert.Empty(Restores());
        Assert.Contains("with the orleans runtime", Launch(), StringComparison.Ordinal);
        Assert.Equal("", Launch("store"));
    }

    [Fact]
    public void A_part_that_does_not_compile_is_left_out()
    {
        Write("breaks", "");
        var told = Launch();
        Assert.Contains("does not build with the packages of WithOrleans", told, StringComparison.Ordinal);
        Assert.DoesNotContain("WithOrleans", Calls("build")[^1], StringComparison.Ordinal);
        Assert.Equal("", Launch());
    }

    [Fact]
    public void A_switch_may_have_a_value_and_false_leaves_its_part_out()
    {
        Assert.Contains("with the torch backend", Launch(torch: "cuda-linux"), StringComparison.Ordinal);
        Assert.Contains("-p:WithTorch=cuda-linux", Calls("restore")[^1], StringComparison.Ordinal);
        Assert.Contains("-p:WithTorch=cuda-linux", Calls("build")[^1], StringComparison.Ordinal);
        Assert.Contains("without the torch backend, as WithTorch=false says", Launch(torch: "false"), StringComparison.Ordinal);
        Assert.DoesNotContain("WithTorch", Calls("build")[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_that_takes_long_to_fetch_is_left_out_until_somebody_asks_for_it()
    {
        Write("slow", "");
        Assert.Contains("without the torch backend, whose packages take longer than 10 s to fetch (WithTorch=true in the environment waits for them)", Launch(), StringComparison.Ordinal);
        Assert.Equal("", Launch());
        Assert.Equal(2, Calls("timeout").Count(c => c.StartsWith("timeout 10 ", StringComparison.Ordinal)));
        Assert.Contains("with the torch backend", Launch(torch: "true"), StringComparison.Ordinal);
        Assert.Contains("-p:WithTorch=true", Calls("build")[^1], StringComparison.Ordinal);
        Assert.Equal("", Launch());
        Assert.Equal(2, Calls("timeout").Count);
    }

    [Fact]
    public void A_registry_that_gives_no_answer_is_asked_again_at_the_next_build()
    {
        Write("refuses", "WithTorch");
        Write("refusal", "x.csproj : error NU1301: Unable to load the service index");
        Assert.Contains("without the torch backend, whose packages do not restore here", Launch(), StringComparison.Ordinal);
        Assert.Equal("", Launch());
        Write("src/TuneGrid.Cli/More.cs", "");
        Write("refuses", "");
        Assert.Contains("with the torch backend", Launch(), StringComparison.Ordinal);
    }

    private string Launch(string? runtime = null, string? torch = null)
    {
        var start = new ProcessStartInfo(Path.Combine(_folder, "tunegrid"), ["--help"]) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["PATH"] = $"{_folder}/bin:{start.Environment["PATH"]}";
        start.Environment["HOME"] = _folder;
        start.Environment["TUNEGRID_RUNTIME"] = runtime ?? "";
        start.Environment["WithTorch"] = torch ?? "";
        using var process = Process.Start(start)!;
        var told = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, told);
        return told;
    }

    private List<string> Restores() => [.. Calls("restore").Where(c => c.Contains("WithOrleans", StringComparison.Ordinal))];

    private List<string> Calls(string verb) =>
        [.. File.ReadLines(Path.Combine(_folder, "calls")).Where(c => c.StartsWith(verb + " ", StringComparison.Ordinal))];

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text.ReplaceLineEndings("\n"));
}
