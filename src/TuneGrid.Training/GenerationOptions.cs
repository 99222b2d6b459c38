namespace TuneGrid.Training;

/// <param name="Temperature">0 always picks the likeliest token.</param>
/// <param name="TopP">Draws from the likeliest tokens that hold this share of the probability; 1 from all.</param>
public sealed record GenerationOptions(double Temperature, double TopP, int MaxTokens, ulong Seed);
