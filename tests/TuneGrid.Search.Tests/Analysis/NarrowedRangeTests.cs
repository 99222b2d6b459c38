using TuneGrid.Search.Analysis;

namespace TuneGrid.Search.Tests.Analysis;

public sealed class NarrowedRangeTests
{
    [Theory]
    [InlineData(0, 9, 4.5, 3, 3, 6)]
    [InlineData(0, 9, 0, 3, 0, 3)]
    [InlineData(0, 9, 8.9, 3, 6, 9)]
    [InlineData(0, 9, 4, 1, 0, 9)]
    [InlineData(5, 5, 5, 3, 5, 5)]
    public void A_range_is_divided_around_its_center_inside_its_bounds(
        double minimum, double maximum, double center, double factor, double low, double high) =>
        Assert.Equal((low, high), NarrowedRange.Of(minimum, maximum, false, center, factor));

    [Theory]
    [InlineData(1e-3, 0.316228e-3, 3.16228e-3)]
    [InlineData(1e-5, 1e-5, 1e-4)]
    [InlineData(1e-2, 1e-3, 1e-2)]
    public void On_a_logarithmic_scale_equal_factors_are_taken_off(double center, double low, double high)
    {
        var (first, last) = NarrowedRange.Of(1e-5, 1e-2, true, center, 3);
        Assert.Equal(low, first, low * 1e-5);
        Assert.Equal(high, last, high * 1e-5);
    }

    [Theory]
    [InlineData(64, 384, 32, 192, 3, 3, 6)]
    [InlineData(64, 384, 32, 64, 3, 0, 3)]
    [InlineData(64, 384, 32, 384, 100, 8, 10)]
    [InlineData(1, 2, 1, 2, 3, 0, 1)]
    [InlineData(7, 7, 1, 7, 3, 0, 0)]
    public void Steps_keep_a_neighbour_on_each_side(
        double minimum, double maximum, double step, double center, double factor, long first, long last) =>
        Assert.Equal((first, last), NarrowedRange.OfSteps(minimum, maximum, step, false, center, factor));

    [Fact]
    public void Whole_numbers_on_a_logarithmic_scale_keep_their_steps()
    {
        var (first, last) = NarrowedRange.OfSteps(1, 1024, 1, true, 32, 2);
        // From 32 / 2^2.5 to 32 * 2^2.5.
        Assert.Equal((5, 180), (first, last));
    }
}
