using System.Text.RegularExpressions;
using TuneGrid.Testing;

namespace TuneGrid.EndToEnd.Tests.Deployment;

/// <summary>
/// The compose file against what the Compose specification allows, as far as we use it, and against the files and variables it names.
/// </summary>
public sealed partial class ComposeTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "deploy");
    private static readonly ComposeFile Compose = ComposeFile.Read(Path.Combine(Folder, "compose.yaml"));

    private static readonly string[] ServiceKeys =
    [
        "build", "command", "depends_on", "entrypoint", "env_file", "environment", "healthcheck", "image", "init", "networks", "ports",
        "profiles", "restart",
        "stop_grace_period", "user", "volumes", "working_dir",
    ];

    [Fact]
    public void Only_keys_of_the_specification_are_used()
    {
        Assert.All(
            Compose.Keys(),
            k => Assert.True(k is "name" or "services" or "volumes" or "networks" || k.StartsWith("x-", StringComparison.Ordinal), k));
        foreach (var service in Compose.Keys("services"))
        {
            var keys = Compose.Keys("services", service);
            Assert.Empty(keys.Except(ServiceKeys));
            Assert.True(keys.Contains("image") || keys.Contains("build"), $"{service} has no image");
            Assert.Empty(
                Compose.Keys("services", service, "healthcheck")
                    .Except(["test", "interval", "timeout", "retries", "start_period", "disable"]));
            Assert.True(
                (Compose.Value("services", service, "restart") ?? "no") is "no" or "\"no\"" or "always" or "on-failure" or "unless-stopped",
                service);
        }
    }

    [Fact]
    public void Services_depend_on_services_that_are_there()
    {
        string[] places =
        [
            .. Compose.Keys("services").Select(s => $"services/{s}"),
            .. Compose.Keys().Where(k => k.StartsWith("x-", StringComparison.Ordinal)),
        ];
        foreach (var place in places.Select(p => p.Split('/')))
        {
            foreach (var other in Compose.Keys([.. place, "depends_on"]))
            {
                Assert.Contains(other, Compose.Keys("services"));
                var condition = Compose.Value([.. place, "depends_on", other, "condition"]);
                Assert.True(condition is "service_started" or "service_healthy" or "service_completed_successfully", condition);
                Assert.True(
                    condition != "service_healthy" || Compose.Keys("services", other).Contains("healthcheck"),
                    $"{other} has no health check");
            }
        }
        Assert.All(Compose.Aliases, alias => Compose.Anchor(alias));
    }

    [Fact]
    public void Volumes_are_declared_and_files_exist()
    {
        foreach (var mount in Compose.Keys("services").SelectMany(s => Compose.Items("services", s, "volumes")))
        {
            var source = mount.Split(':')[0];
            if (source.StartsWith('.'))
                Assert.True(Path.Exists(Path.Combine(Folder, source)), source);
            else
                Assert.Contains(source, Compose.Keys("volumes"));
        }
        var build = Compose.Keys("x-silo", "build");
        Assert.Equal(["context", "dockerfile"], build);
        var (context, dockerfile) = (Compose.Value("x-silo", "build", "context")!, Compose.Value("x-silo", "build", "dockerfile")!);
        Assert.True(File.Exists(Path.Combine(Folder, context, dockerfile)));
    }

    [Fact]
    public void Every_variable_is_in_the_example()
    {
        var known = File.ReadAllLines(Path.Combine(Folder, "env.example"))
            .Where(l => l.Contains('=', StringComparison.Ordinal) && l[0] != '#')
            .Select(l => l.Split('=')[0])
            .ToList();
        var used = Variable()
            .Matches(File.ReadAllText(Path.Combine(Folder, "compose.yaml")))
            .Select(m => m.Groups["name"].Value)
            .Distinct();
        Assert.Equal(known.Order(), used.Order());
    }

    [GeneratedRegex(@"\$\{(?<name>[A-Z_]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Variable();
}
