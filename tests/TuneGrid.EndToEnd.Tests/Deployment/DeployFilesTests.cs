using System.Diagnostics;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using TuneGrid.Testing;
using TuneGrid.Testing.Processes;

namespace TuneGrid.EndToEnd.Tests.Deployment;

/// <summary>What can be checked of deploy/ without Docker, systemd or a Mac.</summary>
public partial class DeployFilesTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "deploy");

    [Fact]
    public void The_unit_has_its_sections_and_is_hardened()
    {
        var lines = File.ReadAllLines(Path.Combine(Folder, "tunegrid-silo.service")).Where(l => l.Length > 0 && l[0] != '#').ToList();
        Assert.Equal(["[Unit]", "[Service]", "[Install]"], lines.Where(l => l[0] == '['));
        Assert.All(lines.Where(l => l[0] != '['), l => Assert.Contains('=', l));
        string[] settings =
        [
            "NoNewPrivileges=yes", "ProtectSystem=strict", "DynamicUser=yes",
            "CapabilityBoundingSet=", "KillSignal=SIGTERM", "Restart=on-failure",
        ];
        foreach (var setting in settings)
            Assert.Contains(setting, lines);
        // The JIT and the assembled kernels need executable pages; this setting would stop every silo at its start.
        Assert.DoesNotContain(lines, l => l.StartsWith("MemoryDenyWriteExecute=yes", StringComparison.Ordinal));
    }

    [NeedsFact(Need.SystemdAnalyze)]
    public void Systemd_finds_nothing_wrong_with_the_unit()
    {
        var folder = Directory.CreateTempSubdirectory("tunegrid-unit-");
        try
        {
            // The analyzer wants the program to exist, which it does only where it is installed.
            var unit = Path.Combine(folder.FullName, "tunegrid-silo.service");
            File.WriteAllText(
                unit, ExecutablePath().Replace(File.ReadAllText(Path.Combine(Folder, "tunegrid-silo.service")), "ExecStart=/bin/sh"));
            using var process = Process.Start(
                new ProcessStartInfo(Needs.SystemdAnalyzer, ["verify", "--man=no", unit]) { RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.DoesNotContain("tunegrid-silo.service:", errors, StringComparison.Ordinal);
            Assert.Equal(0, process.ExitCode);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [GeneratedRegex(@"^ExecStart=\S+", RegexOptions.Multiline, 1000)]
    private static partial Regex ExecutablePath();

    [Fact]
    public void The_launch_agent_starts_a_silo()
    {
        var plist = XDocument.Load(Path.Combine(Folder, "dev.tunegrid.silo.plist"));
        Assert.Equal("plist", plist.Root!.Name.LocalName);
        Assert.Contains("start-silo", plist.Descendants("array").Single().Elements("string").Select(e => e.Value));
    }

    [Fact]
    public void The_image_copies_what_exists_and_starts_the_program_that_is_built()
    {
        var lines = File.ReadAllLines(Path.Combine(Folder, "Dockerfile"));
        Assert.Contains(lines, l => l.StartsWith("ENTRYPOINT [\"dotnet\", \"/opt/tunegrid/tunegrid.dll\"]", StringComparison.Ordinal));
        var copies = lines
            .Where(l => l.StartsWith("COPY ", StringComparison.Ordinal) && !l.Contains("--from", StringComparison.Ordinal));
        foreach (var source in copies.Select(l => l.Split(' ')[1]))
            Assert.True(Directory.Exists(Path.Combine(Repository.Root, source)), source);
        Assert.True(File.Exists(Path.Combine(Repository.Root, "src", "TuneGrid.Cli", "TuneGrid.Cli.csproj")));
    }

    [Fact]
    public void No_password_is_written_down()
    {
        Assert.All(
            File.ReadAllLines(Path.Combine(Folder, "env.example")).Where(l => l.Contains('=', StringComparison.Ordinal)),
            l => Assert.EndsWith("=", l, StringComparison.Ordinal));
        Assert.DoesNotContain("PASSWORD: postgres", File.ReadAllText(Path.Combine(Folder, "compose.yaml")), StringComparison.Ordinal);
    }
}
