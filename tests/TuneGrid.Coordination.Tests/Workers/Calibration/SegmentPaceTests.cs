using TuneGrid.Coordination.Workers.Calibration;

namespace TuneGrid.Coordination.Tests.Workers.Calibration;

/// <summary>What a segment's own progress and the probes at its ends say about its speed.</summary>
public sealed class SegmentPaceTests
{
    private static readonly double[] Steady = [1, 1, 1, 1, 1, 1, 1, 1];

    [Fact]
    public async Task An_undisturbed_segment_ran_at_its_norm() => Assert.Equal(1, await RelativeAsync(Steady, 1, 1), 6);

    [Fact]
    public async Task Nobody_runs_faster_than_the_norm() => Assert.Equal(1, await RelativeAsync(Steady, 1.2, 1.3), 6);

    [Fact]
    public async Task A_slow_stretch_in_the_middle_shows_without_any_probe() =>
        Assert.Equal(0.625, await RelativeAsync([1, 1, 0.25, 0.25, 0.25, 0.25, 1, 1], 1, 1), 6);

    [Fact]
    public async Task A_segment_that_was_slow_throughout_shows_by_the_probes_at_its_ends() =>
        Assert.Equal(0.4, await RelativeAsync([0.4, 0.4, 0.4, 0.4], 0.4, 0.4), 6);

    [Theory]
    [InlineData(0.4, 1)]
    [InlineData(1, 0.4)]
    public async Task A_hiccup_of_one_probe_is_none_of_the_segment(double before, double after) =>
        Assert.Equal(1, await RelativeAsync(Steady, before, after), 6);

    [Theory]
    [InlineData(0.4, 1)]
    [InlineData(1, 0.4)]
    public async Task A_segment_that_was_fast_at_one_end_alone_counts_for_what_it_lost(double before, double after)
    {
        double[] speeds = [0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 1];
        Assert.Equal(0.475, await RelativeAsync(before < 1 ? speeds : [.. speeds.Reverse()], before, after), 6);
    }

    [Fact]
    public async Task A_segment_that_changed_its_speed_counts_from_its_faster_end() =>
        Assert.Equal(0.6, await RelativeAsync([0.4, 0.8], 0.4, 0.8), 6);

    [Fact]
    public async Task Without_progress_the_probes_alone_speak() => Assert.Equal(0.7, await RelativeAsync([], 0.4, 1), 6);

    [Fact]
    public async Task One_lucky_stretch_makes_no_norm() => Assert.InRange(await RelativeAsync([1, 1, 1, 5, 1, 1, 1, 1], 1, 1), 0.99, 1);

    [Fact]
    public async Task Reports_that_come_thick_and_fast_are_put_together()
    {
        var pace = new SegmentPace(new(new Scripted(1)));
        await pace.TrainingBeginsAsync();
        for (var i = 0; i <= 1000; i++)
            pace.Report(new(i * 0.01, 10, i * 0.01, i / 7 * 7, 1, 1));
        await pace.TrainingEndsAsync();
        Assert.InRange(pace.Relative!.Value, 0.8, 1);
        Assert.Equal(10, pace.Latest!.TrainingSeconds, 6);
    }

    [Fact]
    public async Task Without_a_probe_nobody_knows() => Assert.Null(await RelativeAsync(Steady, new Calibrator(null), _ => { }));

    /// <summary>
    /// A segment of a second each at these shares of 1000 tokens per second, between two probes at these shares of the norm.
    /// </summary>
    private static async Task<double> RelativeAsync(double[] speeds, double before, double after)
    {
        var probe = new Scripted(1);
        var calibration = new Calibrator(probe);
        await calibration.StartAsync();
        return (await RelativeAsync(speeds, calibration, isEnd => probe.Speed = isEnd ? after : before))!.Value;
    }

    private static async Task<double?> RelativeAsync(double[] speeds, Calibrator calibration, Action<bool> probing)
    {
        var pace = new SegmentPace(calibration);
        var tokens = 0L;
        probing(false);
        await pace.TrainingBeginsAsync();
        pace.Report(new(0, 100, 0, 0, 0, 1));
        for (var i = 0; i < speeds.Length; i++)
            pace.Report(new(i + 1, 100, i + 1, tokens += (long)(1000 * speeds[i]), 0, 1));
        probing(true);
        await pace.TrainingEndsAsync();
        return pace.Relative;
    }

    private sealed class Scripted(double speed) : ISpeedProbe
    {
        public double Speed { get; set; } = speed;

        public ValueTask<double> MeasureAsync() => new(Speed);
    }
}
