using TuneGrid.Search.Numerics;
using TuneGrid.Search.Randomness;

namespace TuneGrid.Search.Tests.Numerics;

public class ElementaryTests
{
    private const double Infinity = double.PositiveInfinity;

    [Fact]
    public void The_same_bits_on_every_machine()
    {
        var values = new List<double>();
        foreach (var x in new[] { 1e-300, 0.001, 0.1, 0.5, 0.9, 1.1, 2, 3, 10, 47.11, 700 })
            values.AddRange([Elementary.Exp(x), Elementary.Exp(-x), Elementary.Log(x), Elementary.Log2(x), Elementary.Pow(x, 0.3)]);
        foreach (var x in new[] { 1e-9, 0.02, 0.3, 0.5, 0.77, 0.999 })
        {
            values.AddRange([Elementary.NormalQuantile(x), Elementary.NormalCdf(x)]);
            values.AddRange([Elementary.NormalCdf(-9 * x), Elementary.NormalDensity(x)]);
        }
        const string Golden = "3ff0000000000000 3ff0000000000000 c085963447f87fb5 c08f24a09f1a8b89 2d404bd984990e92 3ff0041919b7ee34 "
            + "3feff7cfe56f1a9e c01ba18a998fffa0 c023ee7b471b3a95 3fc01d3f2d9684d0 3ff1aec7b35a00d4 3fecf46d99d52b3a "
            + "c0026bb1bbb55515 c00a934f0979a371 3fe009b9cf334253 3ffa61298e1e069c 3fe368b2fc6f960a bfe62e42fefa39ef "
            + "bff0000000000000 3fe9fdf8bcce533e 4003ad44655c78bc 3fda053cc0086e1e bfbaf8e8210a415c bfc374d65d9e608d "
            + "3fef011d8cfc7493 400808883244d593 3fd54dc284911bf0 3fb8663f793c46cc 3fc199b728cb9d0c 3ff076cebe41bf7a "
            + "401d8e64b8d4ddae 3fc152aaa3bf81cc 3fe62e42fefa39ef 3ff0000000000000 3ff3b2c47bff8329 403415e5bf6fb106 "
            + "3fa97db0ccceb0af 3ff193ea7aad030a 3ff95c01a39fbd68 3ff63f08b6f382ae 40d5829dcf950560 3f07cd79b5647c9a "
            + "40026bb1bbb55516 400a934f0979a371 3fffec982d5bb8af 442f3daa9485b710 3bb0638722ac9718 400ed1e3cf242686 "
            + "40163b5a3d83be3b 4009693f962e4f2e 7f0d945df4f8ec8e 00d14f2b0fb9307f 401a344e6741ebab 4022e7052491d2c4 "
            + "401c8c84d049829a c017fdc11f44b5a7 3fe000000036d489 3fdffffffc250e66 3fd9884533d43650 c0006e13e8aadfdb "
            + "3fe0415bbc8fb8ea 3fdb6dcb3902ff5c 3fd986f6943177fc bfe0c7e39582c5fa 3fe3c5ee2cc40b78 3f6c66c563346a6a "
            + "3fd868a8709fbbbf 0000000000000000 3fe62075e232ac76 3ecc80728dd3b043 3fd6883d022086ac 3fe7a4a225c019b3 "
            + "3fe8f06f86130366 3d82823e80caaf1d 3fd2fb68913744bf 4008b8cbb7204470 3feaea501d21941c 3c0213c00abd28e6 "
            + "3fcf00d35a335546";
        Assert.Equal(Golden, string.Join(' ', values.Select(v => BitConverter.DoubleToUInt64Bits(v).ToString("x16"))));
    }

    [Fact]
    public void As_near_to_the_truth_as_the_platform_is()
    {
        for (var i = 0ul; i < 200_000; i++)
        {
            var (u, v) = (CounterRandom.Uniform(1, 2, i), CounterRandom.Uniform(1, 3, i));
            var exponent = (u - 0.5) * (i % 2 == 0 ? 1400 : 4);
            Near(Math.Exp(exponent), Elementary.Exp(exponent));
            var positive = Math.Exp((v - 0.5) * (i % 3 == 0 ? 1400 : 3));
            Near(Math.Log(positive), Elementary.Log(positive));
            Near(Math.Log2(positive), Elementary.Log2(positive));
            Near(Math.Pow(positive, (u - 0.5) * 5), Elementary.Pow(positive, (u - 0.5) * 5));
        }
    }

    [Fact]
    public void Whole_powers_are_exact()
    {
        for (var x = -12; x <= 12; x++)
        {
            var product = 1.0;
            for (var y = 0; y <= 14; y++, product *= x)
                Assert.Equal(product, Elementary.Pow(x, y));
        }
        for (var k = -1074; k <= 1023; k++)
        {
            Assert.Equal(Math.ScaleB(1, k), Elementary.Pow(2, k));
            Assert.Equal(k, Elementary.Log2(Math.ScaleB(1, k)));
        }
        Assert.Equal(1, Elementary.Exp(0));
        Assert.Equal(0, Elementary.Log(1));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(0.0)]
    [InlineData(-0.0)]
    [InlineData(1.0)]
    [InlineData(-1.0)]
    [InlineData(-2.5)]
    [InlineData(3.0)]
    [InlineData(double.Epsilon)]
    [InlineData(1.5e-310)]
    [InlineData(double.MaxValue)]
    [InlineData(double.MinValue)]
    [InlineData(Infinity)]
    [InlineData(-Infinity)]
    public void The_ends_are_those_of_the_platform(double x)
    {
        Near(Math.Exp(x), Elementary.Exp(x));
        Near(Math.Log(x), Elementary.Log(x));
        Near(Math.Log2(x), Elementary.Log2(x));
        foreach (var y in new[] { double.NaN, 0, -0.0, 1, -1, 2, 3, -3, 0.5, -0.5, 1e300, -1e300, 9007199254740993, Infinity, -Infinity })
        {
            Near(Math.Pow(x, y), Elementary.Pow(x, y));
            Near(Math.Pow(y, x), Elementary.Pow(y, x));
        }
    }

    [Fact]
    public void Results_too_small_for_a_normal_number_lose_digits_and_no_more()
    {
        for (var x = -707.0; x > -746; x -= 0.37)
        {
            Assert.True(Math.Abs(Math.Exp(x) - Elementary.Exp(x)) <= double.Epsilon, $"exp {x}");
            Assert.True(Math.Abs(Math.Pow(10, x / 2.303) - Elementary.Pow(10, x / 2.303)) <= double.Epsilon, $"10 ** {x / 2.303}");
        }
    }

    [Fact]
    public void The_normal_distribution_and_its_quantiles_undo_each_other()
    {
        Assert.Equal(0.5, Elementary.NormalCdf(0), 15);
        Assert.Equal(0.97500210485177952, Elementary.NormalCdf(1.96), 14);
        Assert.Equal(1.0, Elementary.NormalCdf(-10) / 7.6198530241605261e-24, 12);
        Assert.Equal(-1.9599639845400542, Elementary.NormalQuantile(0.025), 14);
        for (var p = 1e-12; p < 1; p = p < 0.01 ? p * 3 : p + 0.01)
        {
            Assert.Equal(1.0, Elementary.NormalCdf(Elementary.NormalQuantile(p)) / p, 10);
            if (p > 0.01)
                Assert.Equal(-Elementary.NormalQuantile(p), Elementary.NormalQuantile(1 - p), 11);
        }
        Assert.Equal((-Infinity, Infinity), (Elementary.NormalQuantile(0), Elementary.NormalQuantile(1)));
        Assert.Equal((0.0, 1.0), (Elementary.NormalCdf(-Infinity), Elementary.NormalCdf(Infinity)));
        Assert.True(double.IsNaN(Elementary.NormalQuantile(-0.1)) && double.IsNaN(Elementary.NormalCdf(double.NaN)));
    }

    /// <summary>Equal up to two units in the last place.</summary>
    private static void Near(double expected, double actual)
    {
        if (!double.IsFinite(expected))
        {
            Assert.Equal(expected, actual);
            return;
        }
        var size = Math.Abs(expected);
        Assert.True(Math.Abs(expected - actual) <= 2 * (Math.BitIncrement(size) - size), $"{expected:R} {actual:R}");
    }
}
