using System.Diagnostics;
using TuneGrid.Testing;
using TuneGrid.Testing.Processes;

namespace TuneGrid.EndToEnd.Tests.Deployment;

/// <summary>The launcher, with a stand-in for <c>dotnet</c>, in a folder whose name has what shells stumble over.</summary>
public sealed class LauncherTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly string _temporary = Directory.CreateTempSubdirectory("tunegrid-launcher-").FullName;
    private readonly string _folder;

    public LauncherTests()
    {
        _folder = Path.Combine(_temporary, "somebody's $HOME (2)");
        foreach (var folder in new[] { "src/TuneGrid.Cli/obj", "bin" })
            Directory.CreateDirectory(Path.Combine(_folder, folder));
        // The usual folders lie below this test's own, so that what is installed on this machine does not show.
        var launcher = File.ReadAllText(Path.Combine(Repository.Root, "tunegrid"));
        WriteProgram("tunegrid", launcher.Replace(" /usr/share/dotnet ", " \"$root/usual\" ", StringComparison.Ordinal));
        Write("src/TuneGrid.Cli/Program.cs", "");
        Write("Directory.Build.props", "");
        Write("global.json", "");
        WriteDotnet("bin/dotnet");
    }

    public void Dispose() => Directory.Delete(_temporary, recursive: true);

    [NeedsFact(Need.Unix)]
    public void The_first_use_builds_and_the_next_runs_at_once()
    {
        var first = Launch();
        Assert.Equal("building TuneGrid (first use) ...\n", first.Errors);
        Assert.Equal("ran search with spaces.json\n", first.Output);
        Assert.Contains("-c Release", Assert.Single(Builds), StringComparison.Ordinal);

        Assert.Equal("", Launch().Errors);
        Assert.Equal("", Launch(home: "/nonexistent").Errors);
        Assert.Single(Builds);
    }

    [NeedsTheory(Need.Unix)]
    [InlineData("src/TuneGrid.Cli/Program.cs")]
    [InlineData("src/TuneGrid.Cli/New.cs")]
    [InlineData("Directory.Build.props")]
    [InlineData("global.json")]
    public void A_changed_source_is_built(string name)
    {
        Launch();
        Edit(name);
        Assert.Equal("building TuneGrid (sources changed) ...\n", Launch().Errors);
        Assert.Equal("", Launch().Errors);
    }

    [NeedsFact(Need.Unix)]
    public void A_deleted_source_is_a_change_too()
    {
        Write("src/TuneGrid.Cli/Old.cs", "");
        Launch();
        File.Delete(Path.Combine(_folder, "src/TuneGrid.Cli/Old.cs"));
        Assert.Equal("building TuneGrid (sources changed) ...\n", Launch().Errors);
        Assert.Equal("", Launch().Errors);
    }

    [NeedsFact(Need.Unix)]
    public void An_edit_during_the_build_is_built_by_the_next_use()
    {
        Write("during", """
            edited=$root/src/TuneGrid.Cli/Program.cs
            until [ -n "$(find "$edited" -newer "$root/src/TuneGrid.Cli/bin/Release/built-from.new")" ]; do touch "$edited"; done
            """);
        Launch();
        Write("during", "");
        Assert.Equal("building TuneGrid (sources changed) ...\n", Launch().Errors);
    }

    [NeedsFact(Need.Unix)]
    public void What_a_build_writes_is_no_source()
    {
        Launch();
        Write("src/TuneGrid.Cli/obj/project.assets.json", "");
        Assert.Equal("", Launch().Errors);
    }

    [NeedsFact(Need.Unix)]
    public void A_build_that_fails_says_why_and_is_tried_again()
    {
        Write("during", "echo 'Program.cs(1,1): error CS0000: no'; exit 1");
        var failed = Launch();
        Assert.Equal(1, failed.ExitCode);
        Assert.Equal("", failed.Output);
        Assert.Equal(
            "building TuneGrid (first use) ...\nProgram.cs(1,1): error CS0000: no\ntunegrid: the build failed, see above\n", failed.Errors);

        Write("during", "");
        Assert.Equal(0, Launch().ExitCode);
        Assert.Equal(2, Builds.Length);
    }

    [NeedsFact(Need.Unix)]
    public void A_source_that_stopped_compiling_does_not_run_what_was_built_before()
    {
        Launch();
        Edit("src/TuneGrid.Cli/Program.cs");
        Write("during", "echo 'error CS0000'; exit 1");
        Assert.Equal(1, Launch().ExitCode);
        Assert.Equal("", Launch().Output);
    }

    [NeedsFact(Need.Unix)]
    public void Without_dotnet_one_line_says_what_to_install()
    {
        File.Delete(Path.Combine(_folder, "bin/dotnet"));
        var missing = Launch(path: ToolsOnly());
        Assert.Equal(1, missing.ExitCode);
        Assert.Single(missing.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("https://dotnet.microsoft.com/download/dotnet/10.0", missing.Errors, StringComparison.Ordinal);
    }

    [NeedsTheory(Need.Unix)]
    [InlineData("root/dotnet")]
    [InlineData("home/.dotnet/dotnet")]
    [InlineData("usual/dotnet")]
    public void Dotnet_is_found_where_it_is_usually_installed(string place)
    {
        File.Delete(Path.Combine(_folder, "bin/dotnet"));
        WriteDotnet(place);
        Assert.Equal("ran search with spaces.json\n", Launch(path: ToolsOnly(), home: Path.Combine(_folder, "home")).Output);
    }

    [NeedsFact(Need.Unix)]
    public void It_may_be_called_through_links()
    {
        Directory.CreateDirectory(Path.Combine(_temporary, "links"));
        File.CreateSymbolicLink(Path.Combine(_temporary, "links", "relative"), $"../{Path.GetFileName(_folder)}/tunegrid");
        File.CreateSymbolicLink(Path.Combine(_temporary, "links", "absolute"), Path.Combine(_temporary, "links", "relative"));
        Assert.Equal("ran search with spaces.json\n", Launch(launcher: Path.Combine(_temporary, "links", "absolute")).Output);
        Assert.Equal("", Launch().Errors);
    }

    [NeedsFact(Need.Unix)]
    public void The_program_takes_the_launchers_place_and_its_exit_code_comes_back()
    {
        Launch();
        Write("running", "echo $$; exit 130");
        var ended = Launch();
        Assert.Equal(130, ended.ExitCode);
        Assert.Equal($"ran search with spaces.json\n{ended.Id}\n", ended.Output);
    }

    [NeedsFact(Need.Unix)]
    public async Task Of_several_first_uses_one_builds_and_the_others_wait()
    {
        // Each launcher that asks for the lock says so, and the one build ends when all three have.
        using var asked = new StreamReader(Fifo("asked"));
        await using var release = Fifo("release");
        var flock = Needs.Program("flock");
        WriteProgram("bin/flock", $"#!/bin/sh\necho asked > '{Quoted("asked")}'\n{(flock is null ? "exit 1" : $"exec {flock} \"$@\"")}");
        Write("during", """read -r line < "$root/release" """);

        Task<Ended>[] uses = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(() => Launch()))];
        foreach (var _ in uses)
            Assert.Equal("asked", await Task.Run(asked.ReadLine).WaitAsync(Patience));
        await release.WriteAsync("now\n"u8.ToArray());

        Assert.All(
            await Task.WhenAll(uses).WaitAsync(Patience),
            use => Assert.Equal((0, "ran search with spaces.json\n"), (use.ExitCode, use.Output)));
        Assert.Single(Builds);
    }

    private string[] Builds => File.ReadAllLines(Path.Combine(_folder, "builds"));

    private Ended Launch(string? path = null, string? home = null, string? launcher = null)
    {
        var start = new ProcessStartInfo(launcher ?? Path.Combine(_folder, "tunegrid"), ["search", "with spaces.json"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = _temporary,
        };
        start.Environment["PATH"] = path ?? $"{_folder}/bin:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["HOME"] = home ?? _temporary;
        start.Environment["DOTNET_ROOT"] = Path.Combine(_folder, "root");
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return new(process.Id, process.ExitCode, output.GetAwaiter().GetResult(), errors);
    }

    /// <summary>
    /// A dotnet that notes its builds, does what the file "during" says and leaves an empty program behind, which runs what "running" says.
    /// </summary>
    private void WriteDotnet(string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_folder, name))!);
        WriteProgram(name, $$"""
            #!/bin/sh
            root='{{Quoted("")}}'
            if [ "$1" = build ]; then
              echo "$@" >> "$root/builds"
              [ ! -f "$root/during" ] || . "$root/during"
              mkdir -p "$root/src/TuneGrid.Cli/bin/Release/net10.0"
              : > "$root/src/TuneGrid.Cli/bin/Release/net10.0/tunegrid.dll"
            else
              [ -f "$1" ] || exit 99
              shift
              echo "ran $@"
              [ ! -f "$root/running" ] || . "$root/running"
            fi
            """);
    }

    /// <summary>A search path with what the launcher calls, and without the dotnet of this machine.</summary>
    private string ToolsOnly()
    {
        var tools = Directory.CreateDirectory(Path.Combine(_temporary, "tools")).FullName;
        foreach (var tool in new[] { "sh", "dirname", "readlink", "find", "sort", "cat", "mkdir", "mv" })
            File.CreateSymbolicLink(Path.Combine(tools, tool), Needs.Program(tool)!);
        return tools;
    }

    /// <summary>A named pipe, open at both ends, so that neither opening nor closing one waits for or ends the other.</summary>
    private FileStream Fifo(string name)
    {
        using var made = Process.Start("mkfifo", [Path.Combine(_folder, name)]);
        made.WaitForExit();
        return new(Path.Combine(_folder, name), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
    }

    private string Quoted(string name) => Path.Combine(_folder, name).Replace("'", @"'\''", StringComparison.Ordinal);

    private void WriteProgram(string name, string text)
    {
        Write(name, text);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path.Combine(_folder, name), UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    /// <summary>Writes a source until it is newer than the last build: the clock of a file system ticks slowly.</summary>
    private void Edit(string name)
    {
        do
            Write(name, "// changed");
        while (Changed(name) <= Changed("src/TuneGrid.Cli/bin/Release/built-from"));
    }

    private DateTime Changed(string name) => File.GetLastWriteTimeUtc(Path.Combine(_folder, name));

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text.ReplaceLineEndings("\n"));

    private sealed record Ended(int Id, int ExitCode, string Output, string Errors);
}
