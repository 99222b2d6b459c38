using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Space;
using TuneGrid.Silo.Corpora;
using TuneGrid.Silo.Hardware;
using TuneGrid.Silo.Segments;
using TuneGrid.Simulation;
using TuneGrid.Storage;
using TuneGrid.Training;
using TuneGrid.Training.Kernels;

namespace TuneGrid.Silo.Tests.Hosting;

/// <summary>Real segments of a tiny model beside energy counters of our own making: two joules between any two looks.</summary>
public sealed class SegmentEnergyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tunegrid-energy-").FullName;
    private long _microjoules;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Where_counters_can_be_read_a_segment_tells_its_joules_and_a_budget_in_joules_ends_it()
    {
        Count();
        var meter = EnergyMeter.Open(_folder)!;
        var outcome = await RunAsync(new(BudgetKind.Joules, 10), () => { Count(); return meter.Joules(); });
        var result = Assert.IsType<SegmentOutcome.Reached>(outcome).Result;
        // Two joules a step, so the budget of ten is five steps, and the segment's two looks around them see two more.
        Assert.Equal((5, 10), (result.Steps, result.Amount));
        Assert.InRange(result.Joules!.Value, 10, 30);
    }

    [Fact]
    public async Task Elsewhere_the_field_is_absent_not_zero()
    {
        var result = Assert.IsType<SegmentOutcome.Reached>(await RunAsync(new(BudgetKind.Steps, 2), null)).Result;
        Assert.Null(result.Joules);
        Assert.DoesNotContain(
            "joules", StoreJson.Write(new Coordination.Ledger.TrialCompleted(default, new(0), result)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Elsewhere_a_budget_in_joules_is_refused()
    {
        var failed = Assert.IsType<SegmentOutcome.Failed>(await RunAsync(new(BudgetKind.Joules, 10), null));
        Assert.Contains("energy counter", failed.Reason, StringComparison.Ordinal);
        Assert.Equal(FailureKind.Error, failed.Kind);
    }

    private async Task<SegmentOutcome> RunAsync(Budget budget, Func<double>? joules)
    {
        var library = new CorpusLibrary(Path.Combine(_folder, "home"), publishedFolder: null);
        var text = Path.Combine(_folder, "stories.txt");
        File.WriteAllText(
            text, string.Concat(Enumerable.Range(0, 200).Select(i => $"Tom took {i} steps to the park and saw a cat.\n<|endoftext|>\n")));
        var corpus = library.Add("tales", text, null);
        await using var store = await StoreOpener.OpenAsync(StoreLocation.Parse(Path.Combine(_folder, "store")));
        var trainer = new TrainerSettings(1, 1, KernelLadder.For(InstructionSet.Reference)) { Joules = joules };
        using var runner = new SegmentRunner(
            new(library, new(Path.Combine(_folder, "home"))), store.Artifacts, new(trainer, Path.Combine(_folder, "scratch")));
        var options = Configuration.Empty
            .With("width", ParameterValue.Of(16L))
            .With("depth", ParameterValue.Of(1L))
            .With("heads", ParameterValue.Of(1L))
            .With("context", ParameterValue.Of(16L))
            .With("vocabulary", ParameterValue.Of(280L))
            .With("batch_size", ParameterValue.Of(2L))
            .With("bigram_buckets", ParameterValue.Of(0L));
        var order = new Assignment(
            new("s"), new(0), 0, new(1), 0, options, 1, new("tales", corpus.Hash), budget, budget.Amount, true, null, null, default);
        return await runner.RunAsync(order, new Deaf(), default, default);
    }

    private void Count()
    {
        var counter = Directory.CreateDirectory(Path.Combine(_folder, "intel-rapl:0")).FullName;
        File.WriteAllText(Path.Combine(counter, "max_energy_range_uj"), "1000000000");
        File.WriteAllText(Path.Combine(counter, "energy_uj"), FormattableString.Invariant($"{_microjoules += 2_000_000}"));
    }

    private sealed class Deaf : ISegmentMonitor
    {
        public void Report(SegmentProgress value)
        {
        }

        public ValueTask TrainingBeginsAsync() => default;

        public ValueTask TrainingEndsAsync() => default;
    }
}
