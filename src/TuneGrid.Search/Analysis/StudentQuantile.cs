namespace TuneGrid.Search.Analysis;

/// <summary>Quantiles of Student's t distribution.</summary>
public static class StudentQuantile
{
    // Tabled: a library's would differ in its last bit between platforms, and decisions are replayed bit for bit.
    private static readonly double[] Upper95 =
    [
        6.314, 2.920, 2.353, 2.132, 2.015, 1.943, 1.895, 1.860, 1.833, 1.812, 1.796, 1.782, 1.771, 1.761, 1.753,
        1.746, 1.740, 1.734, 1.729, 1.725, 1.721, 1.717, 1.714, 1.711, 1.708, 1.706, 1.703, 1.701, 1.699, 1.697,
    ];

    /// <summary>Returns what is exceeded in 5 % of cases: half the width of a two-sided 90 % interval, in standard errors.</summary>
    /// <param name="freedom">Degrees of freedom, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are none.</exception>
    public static double Upper(int freedom)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(freedom, 1);
        // Beyond the table the first term of Cornish and Fisher (1938): right to three digits.
        return freedom <= Upper95.Length ? Upper95[freedom - 1] : 1.6449 + (1.524 / freedom);
    }
}
