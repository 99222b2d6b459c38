using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using TuneGrid.Cli.Context;
using TuneGrid.Cli.Flags;
using TuneGrid.Cli.Input;
using TuneGrid.Cli.Terminal;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Silos;
using TuneGrid.Silo.Hosting;

namespace TuneGrid.Cli.Commands;

/// <summary><c>tunegrid silos [drain NAME]</c>: who is alive, what they are, since when, what they do.</summary>
internal static class SilosCommand
{
    /// <summary>A silo that said nothing for this long is shown as silent; it speaks every few seconds.</summary>
    private static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(30);

    public static Command Create(CliConsole console)
    {
        var (store, output) = (new StoreFlag(), CommonOptions.Output());
        var command = new Command("silos", "Lists the silos.") { output };
        command.Add(Drain(console));
        store.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var opened = await new CommandContext(console).OpenStoreAsync(store.Read(parsed), cancellation);
            var silos = await opened.Studies.SilosAsync(cancellation);
            var now = await opened.Studies.NowAsync(cancellation);
            if (parsed.GetValue(output) == OutputFormat.Json)
                Json.Write(console, silos.Select(s => Describe(s, now)));
            else if (silos.Count == 0)
                console.Error.WriteLine("no silos; start one: tunegrid start-silo");
            else
                Print(console, silos, now);
            return ExitCodes.Fine;
        });
        return command;
    }

    private static Command Drain(CliConsole console)
    {
        var (name, store) = (new Argument<string>("name") { Description = "The silo's name, or the beginning of one" }, new StoreFlag());
        var now = new Option<bool>("--now")
        {
            Description = "At its next step: the segment is paused with a checkpoint [default: after its segment]",
        };
        var command = new Command("drain", "Asks a silo to leave, after its segment or at once.") { name, now };
        store.AddTo(command);
        var tls = new TlsFlag().AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var security = tls.Read(parsed, console, console.Error.WriteLine);
            await using var opened = await new CommandContext(console).OpenStoreAsync(store.Read(parsed), cancellation);
            var silo = await FindAsync(opened.Studies, parsed.GetValue(name)!, cancellation);
            var isNow = parsed.GetValue(now);
            await using var control = await ClusterControl.OpenAsync(opened, security, cancellation);
            if (!await control.DrainAsync(silo, isNow ? DrainRequest.Now : DrainRequest.AfterSegment, cancellation))
                throw new UsageException($"the silo '{silo}' has just left");
            console.Word.WriteLine(isNow
                ? $"{silo} leaves now; its trial, if it has one, goes on from a checkpoint"
                : $"{silo} will leave once its segment has ended");
            return ExitCodes.Fine;
        });
        return command;
    }

    private static async Task<SiloId> FindAsync(IStudyStore store, string text, CancellationToken cancellation)
    {
        var names = (await store.SilosAsync(cancellation)).Select(s => s.Silo.Id.Value).ToList();
        List<string> matches = names.Contains(text) ? [text] : names.FindAll(n => n.StartsWith(text, StringComparison.Ordinal));
        return matches switch
        {
            [var only] => new(only),
            [_, _, ..] => throw new UsageException($"several silos begin with '{text}': {string.Join(", ", matches)}"),
            _ => throw new UsageException($"there is no silo '{text}'.{Nearest.Hint(text, names)}"),
        };
    }

    private static JsonObject Describe(SiloRow row, DateTimeOffset now) => new()
    {
        ["silo"] = row.Silo.Id.Value,
        ["status"] = Status(row, now),
        ["hardware_class"] = row.Silo.Class.Key,
        ["host"] = row.Silo.Host,
        ["process_id"] = row.Silo.ProcessId,
        ["threads"] = row.Silo.Threads,
        ["memory_bytes"] = row.Silo.MemoryBytes,
        ["norm_flops_per_second"] = Json.Number(row.Silo.Speed?.Norm),
        ["relative_speed"] = Json.Number(row.Silo.Speed?.Relative),
        ["started"] = Json.Time(row.Silo.StartedAt),
        ["last_seen"] = Json.Time(row.LastSeen),
        ["memory_limit_bytes"] = row.Silo.MemoryLimitBytes,
        ["declines"] = Declines(row.Silo),
        ["doing"] = row.Silo.Doing.Length > 0 ? row.Silo.Doing : null,
        ["idle_reason"] = row.Silo.IdleReason.Length > 0 ? row.Silo.IdleReason : null,
    };

    private static void Print(CliConsole console, IReadOnlyList<SiloRow> silos, DateTimeOffset now)
    {
        var table = new TextTable("silo", "status", "hardware class", "threads", "speed", "declines", "started", "seen", "doing");
        foreach (var row in silos)
        {
            table.Add(
                row.Silo.Id.Value, Status(row, now), row.Silo.Class.Key ?? "-", row.Silo.Threads.ToString(CultureInfo.InvariantCulture),
                Speed(row.Silo.Speed), Declines(row.Silo) ?? "-", Text.Ago(now - row.Silo.StartedAt), Text.Ago(now - row.LastSeen),
                row.Silo.Doing.Length > 0 ? row.Silo.Doing : row.Silo.IdleReason);
        }
        table.Write(console.Out);
    }

    /// <summary>Which trials it leaves to others; null if that is not known.</summary>
    private static string? Declines(SiloDescription silo) =>
        silo.MemoryLimitBytes is { } limit ? $"over {Text.Bytes(limit)}" : null;

    /// <summary>The last probe beside what the silo can do undisturbed.</summary>
    private static string Speed(SiloSpeed? speed) =>
        speed is null ? "-" : $"{Text.Percent(speed.Relative)} of {Text.Count(speed.Norm / 1e9)} GFLOP/s";

    private static string Status(SiloRow row, DateTimeOffset now) =>
        row.IsDamaged ? "damaged"
        : now - row.LastSeen > SilentAfter ? "silent"
        : row.Drain != DrainRequest.None ? "draining"
        : row.Silo.Status.ToString().ToLowerInvariant();
}
