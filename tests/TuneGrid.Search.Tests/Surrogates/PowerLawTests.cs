using System.IO.Compression;
using TuneGrid.Search.Numerics;
using TuneGrid.Search.Observations;
using TuneGrid.Search.Randomness;
using TuneGrid.Search.Surrogates;

namespace TuneGrid.Search.Tests.Surrogates;

public class PowerLawTests
{
    private const int Learned = 20;

    [Theory]
    [InlineData(0.3)]
    [InlineData(1.0)]
    [InlineData(2.0)]
    public void A_power_law_is_found_again(double exponent)
    {
        var fit = new PowerLawFit([.. Amounts(32).Select(t => new CurvePoint(t, 1 + (2 * Elementary.Pow(t, -exponent))))]);
        var truth = 1 + (2 * Elementary.Pow(256, -exponent));
        var forecast = fit.At(256);
        Assert.InRange(forecast.Score, truth - 0.01, truth + 0.01);
        var (low, high) = forecast.Interval(0.8);
        Assert.InRange(truth, low, high);
        Assert.Equal(0.1, forecast.ChanceBelow(low), 6);
    }

    [Fact]
    public void What_rises_or_stands_still_is_not_expected_to_fall()
    {
        Assert.Equal(2, new PowerLawFit([new(1, 2), new(2, 2), new(4, 2)]).At(64).Score, 6);
        Assert.InRange(new PowerLawFit([new(1, 2), new(2, 2.5), new(4, 3)]).At(64).Score, 2.5, 3);
    }

    [Fact]
    public void One_point_alone_is_expected_to_stay_with_much_doubt()
    {
        var forecast = new PowerLawFit([new(1, 4)]).At(100);
        Assert.Equal(new CurveForecast(4, 0.4), forecast);
    }

    [Fact]
    public void The_same_curve_gives_the_same_bits()
    {
        var forecast = new PowerLawFit([new(1, 3.5), new(2, 2.75), new(4, 2.25), new(8, 2)]).At(64);
        Assert.Equal(1.6789820938936459, forecast.Score);
        Assert.Equal(0.16535916866978176, forecast.Deviation);
    }

    [Fact]
    public void A_calibration_moves_and_widens_what_comes_after_it()
    {
        var calibration = new PowerLawCalibration();
        var forecast = new CurveForecast(1, 0.1);
        Assert.Equal(1, calibration.Mend(forecast, 3).Score);
        for (var i = 0; i < 40; i++)
            calibration.Learn(forecast, 1.5 + (0.4 * ((i % 5) - 2)), 3);
        var mended = calibration.Mend(forecast, 3);
        Assert.InRange(mended.Score, 1.4, 1.5);
        var (low, high) = mended.Interval(0.8);
        Assert.InRange(high - low, 1.0, 2.2);
        // The nearest distance that anything is known of.
        Assert.Equal(mended, calibration.Mend(forecast, 6));
    }

    /// <summary>Noisy curves that cross: different heights, falls and exponents.</summary>
    [Theory]
    [InlineData(9)]
    [InlineData(3)]
    [InlineData(2)]
    public void Eighty_percent_intervals_hold_seventy_to_ninety_percent_of_curves_left_out(double share)
    {
        var curves = Enumerable.Range(0, 150).Select(Synthetic).ToList();
        Assert.InRange(Coverage(curves, share), 0.7, 0.9);
    }

    [TableFact]
    public void So_they_do_on_recorded_curves()
    {
        var found = new List<string>();
        foreach (var path in Directory.GetFiles(TableFactAttribute.Folder!, "*.csv.gz").Order())
        {
            if (Read(path) is not { Count: > 4 * Learned } curves)
                continue;
            foreach (var share in (double[])[9, 3, 2])
                found.Add(FormattableString.Invariant($"{Path.GetFileName(path)} 1/{share}: {Coverage(curves, share):F3}"));
        }
        var outside = found.FindAll(f => double.Parse(f[^5..], System.Globalization.CultureInfo.InvariantCulture) is < 0.7 or > 0.9);
        Assert.True(found.Count > 0 && outside.Count <= found.Count / 10, string.Join('\n', found));
    }

    /// <summary>
    /// The first curves teach the calibration, the others are forecast at a share of their budget; over several such splits.
    /// </summary>
    private static double Coverage(List<List<CurvePoint>> curves, double share)
    {
        const int Splits = 5;
        var (held, all) = (0, 0);
        for (var split = 0; split < Splits; split++)
        {
            var order = Enumerable.Range(0, curves.Count).OrderBy(i => CounterRandom.Bits(7, (ulong)split, (ulong)i)).ToList();
            var calibration = new PowerLawCalibration();
            foreach (var index in order)
            {
                var curve = curves[index];
                var (end, seen) = (curve[^1], curve.Where(p => p.Amount <= (curve[^1].Amount / share) + 1e-9).ToList());
                if (seen.Count < 2)
                    continue;
                var doublings = Elementary.Log2(end.Amount / seen[^1].Amount);
                var raw = new PowerLawFit(seen).At(end.Amount);
                if (order.IndexOf(index) < Learned)
                {
                    calibration.Learn(raw, end.Score, doublings);
                    continue;
                }
                var (low, high) = calibration.Mend(raw, doublings).Interval(0.8);
                (held, all) = (held + (end.Score >= low && end.Score <= high ? 1 : 0), all + 1);
            }
        }
        return (double)held / all;
    }

    /// <summary>Half a doubling apart, up to an amount.</summary>
    private static IEnumerable<double> Amounts(double until)
    {
        for (var t = 1.0; t <= until * 1.0001; t *= 1.4142135623730951)
            yield return t;
    }

    private static List<CurvePoint> Synthetic(int trial)
    {
        double Draw(int what) => CounterRandom.Uniform(11, (ulong)what, (ulong)trial);
        var (height, fall, exponent) = (1 + Draw(0), 1 + (3 * Draw(1)), 0.2 + (1.2 * Draw(2)));
        return [.. Amounts(256).Select((t, i) => new CurvePoint(
            t, height + (fall * Elementary.Pow(t, -exponent)) + (0.02 * (Draw(100 + i) + Draw(200 + i) - 1))))];
    }

    /// <summary>At most half a doubling apart; those that diverged are left out.</summary>
    private static List<List<CurvePoint>> Read(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        var names = reader.ReadLine()!.Split(',');
        var (config, repeat) = (Array.IndexOf(names, "config"), Array.IndexOf(names, "repeat"));
        var (epoch, step) = (Array.IndexOf(names, "epoch"), Array.IndexOf(names, "step"));
        var score = Math.Max(Array.IndexOf(names, "val_cross_entropy"), Array.IndexOf(names, "valid_loss"));
        var curves = new Dictionary<string, List<CurvePoint>>();
        while (score >= 0 && reader.ReadLine() is { } line)
        {
            var cells = line.Split(',');
            var key = cells[config] + (repeat < 0 ? "" : "/" + cells[repeat]);
            var amount = epoch >= 0 ? Number(cells[epoch]) : Number(cells[step]) + 1;
            if (!curves.TryGetValue(key, out var curve))
                curves[key] = curve = [];
            curve.Add(new(amount, Number(cells[score])));
        }
        return [.. curves.Values.Where(c => c.TrueForAll(p => double.IsFinite(p.Score))).Take(300).Select(Thinned)];

        static double Number(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
    }

    private static List<CurvePoint> Thinned(List<CurvePoint> curve)
    {
        var kept = new List<CurvePoint>();
        for (var next = curve[^1].Amount / 256; next < curve[^1].Amount * 0.9999; next *= 1.4142135623730951)
        {
            var point = curve.Find(p => p.Amount >= next - 1e-9);
            if (kept.Count == 0 || kept[^1] != point)
                kept.Add(point);
        }
        if (kept[^1] != curve[^1])
            kept.Add(curve[^1]);
        return kept;
    }
}
