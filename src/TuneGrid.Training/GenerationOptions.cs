namespace TuneGrid.Training;

/// <summary>How text is written.</summary>
/// <param name="Temperature">0 always picks the likeliest token.</param>
/// <param name="TopP">Draws from the likeliest tokens that hold this share of the probability; 1 from all.</param>
/// <param name="MaxTokens">Ends a story that does not end by itself.</param>
/// <param name="Seed">The same seed writes the same text.</param>
public sealed record GenerationOptions(double Temperature, double TopP, int MaxTokens, ulong Seed);
