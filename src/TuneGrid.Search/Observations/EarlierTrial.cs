using TuneGrid.Search.Space;

namespace TuneGrid.Search.Observations;

/// <summary>
/// One of the best trials of an earlier study: on other hardware or another corpus, perhaps over another space. Its score
/// compares to none here, so that only its rank came along.
/// </summary>
/// <param name="Configuration">Its values of parameters that this study searches too.</param>
/// <param name="Rank">Its place among its own study's trials, from 0 for the best to 1 for the worst.</param>
public readonly record struct EarlierTrial(Configuration Configuration, double Rank);
