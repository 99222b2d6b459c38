using System.Text.RegularExpressions;
using TuneGrid.Testing;

namespace TuneGrid.EndToEnd.Tests.Deployment;

/// <summary>The compose file against what the Compose specification allows, as far as we use it, and against the files and variables it names.</summary>
public sealed partial class ComposeTests
{
    private static readonly string s_folder = Path.Combine(Repository.Root, "deploy");
    private static readonly ComposeFile s_compose = ComposeFile.Read(Path.Combine(s_folder, "compose.yaml"));

    private static readonly string[] s_serviceKeys =
    [
        "build", "command", "depends_on", "entrypoint", "env_file", "environment", "healthcheck", "image", "init", "networks", "ports", "profiles", "restart",
        "stop_grace_period", "user", "volumes", "working_dir",
    ];

    [Fact]
    public void Only_keys_of_the_specification_are_used()
    {
        Assert.All(s_compose.Keys(), k => Assert.True(k is "name" or "services" or "volumes" or "networks" || k.StartsWith("x-", StringComparison.Ordinal), k));
        foreach (var service in s_compose.Keys("services"))
        {
            var keys = s_compose.Keys("services", service);
            Assert.Empty(keys.Except(s_serviceKeys));
            Assert.True(keys.Contains("image") || keys.Contains("build"), $"{service} has no image");
            Assert.Empty(s_compose.Keys("services", service, "healthcheck").Except(["test", "interval", "timeout", "retries", "start_period", "disable"]));
            Assert.True((s_compose.Value("services", service, "restart") ?? "no") is "no" or "\"no\"" or "always" or "on-failure" or "unless-stopped", service);
        }
    }

    [Fact]
    public void Services_depend_on_services_that_are_there()
    {
        string[] places = [.. s_compose.Keys("services").Select(s => $"services/{s}"), .. s_compose.Keys().Where(k => k.StartsWith("x-", StringComparison.Ordinal))];
        foreach (var place in places.Select(p => p.Split('/')))
        {
            foreach (var other in s_compose.Keys([.. place, "depends_on"]))
            {
                Assert.Contains(other, s_compose.Keys("services"));
                var condition = s_compose.Value([.. place, "depends_on", other, "condition"]);
                Assert.True(condition is "service_started" or "service_healthy" or "service_completed_successfully", condition);
                Assert.True(condition != "service_healthy" || s_compose.Keys("services", other).Contains("healthcheck"), $"{other} has no health check");
            }
        }
        Assert.All(s_compose.Aliases, alias => s_compose.Anchor(alias));
    }

    [Fact]
    public void Volumes_are_declared_and_files_exist()
    {
        foreach (var mount in s_compose.Keys("services").SelectMany(s => s_compose.Items("services", s, "volumes")))
        {
            var source = mount.Split(':')[0];
            if (source.StartsWith('.'))
                Assert.True(Path.Exists(Path.Combine(s_folder, source)), source);
            else
                Assert.Contains(source, s_compose.Keys("volumes"));
        }
        var build = s_compose.Keys("x-silo", "build");
        Assert.Equal(["context", "dockerfile"], build);
        Assert.True(File.Exists(Path.Combine(s_folder, s_compose.Value("x-silo", "build", "context")!, s_compose.Value("x-silo", "build", "dockerfile")!)));
    }

    [Fact]
    public void Every_variable_is_in_the_example()
    {
        var known = File.ReadAllLines(Path.Combine(s_folder, "env.example")).Where(l => l.Contains('=', StringComparison.Ordinal) && l[0] != '#').Select(l => l.Split('=')[0]).ToList();
        var used = Variable().Matches(File.ReadAllText(Path.Combine(s_folder, "compose.yaml"))).Select(m => m.Groups["name"].Value).Distinct();
        Assert.Equal(known.Order(), used.Order());
    }

    [GeneratedRegex(@"\$\{(?<name>[A-Z_]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Variable();
}
