namespace TuneGrid.Search.Sampling;

/// <summary>What of the Gaussian process sampler was chosen by measurement, on recorded learning curves.</summary>
internal sealed record GpSettings
{
    /// <summary>What the sampler is called in the ledger.</summary>
    public string Name { get; init; } = "gp";

    /// <summary>Null to carry scores from rung to rung along lines; else what trials will come to by their own curves.</summary>
    public ForecastScores? Forecasts { get; init; }

    /// <summary>So many trials are spread over the space before the model is asked.</summary>
    public int FirstTrials { get; init; } = 15;

    /// <summary>The share of later trials that are spread over the space all the same.</summary>
    public double SpreadShare { get; init; } = 0.1;

    /// <summary>A spread trial is the farthest of so many candidates from everything proposed.</summary>
    public int SpreadCandidates { get; init; } = 5;

    /// <summary>How many candidates the model judges.</summary>
    public int Candidates { get; init; } = 250;

    /// <summary>One candidate in so many is one of the best trials, changed a little.</summary>
    public int LocalEvery { get; init; } = 3;

    /// <summary>How many of the best trials are changed.</summary>
    public int Parents { get; init; } = 5;

    /// <summary>How many parameters of a best trial are changed on average, beside one that always is.</summary>
    public double Changes { get; init; } = 2;

    /// <summary>The deviation of a change, in the unit of the parameter's range, for one half of them.</summary>
    public double ChangeSize { get; init; } = 0.2;

    /// <summary>The deviation for the other half.</summary>
    public double FineChangeSize { get; init; } = 0.1;

    /// <summary>By how much the noise of a score grows with each rung that it lies below the highest.</summary>
    public double NoisePerRung { get; init; } = 1;

    /// <summary>How much of a value is its distance to the best, the rest its normal score by rank.</summary>
    public double DistanceShare { get; init; } = 0.5;

    /// <summary>
    /// The most by which a proposal must improve on the best to count: each draws its own margin, small ones more often, so that not all go
    /// to the same place.
    /// </summary>
    public double MostMargin { get; init; } = 0.3;

    /// <summary>The most trials that the model holds: beyond, the better half of what is known stands for the rest.</summary>
    public int MostPoints { get; init; } = 256;

    /// <summary>The most trials that the hyperparameters are fitted to.</summary>
    public int MostFitted { get; init; } = 100;

    /// <summary>Steps of the first fit, and of those that start from an earlier one.</summary>
    public int FirstSteps { get; init; } = 25;

    /// <summary>Steps of a fit that starts from an earlier one.</summary>
    public int LaterSteps { get; init; } = 10;
}
