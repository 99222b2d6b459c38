namespace TuneGrid.Training.Optimization;

/// <summary>Which sequences a step trains on.</summary>
/// <param name="Step">Number of the step, from 0: seeds its masks.</param>
/// <param name="FirstSequence">Sequences that earlier steps took: the position in the data.</param>
/// <param name="Sequences">Sequences of this step, at most the batch size.</param>
/// <param name="Segment">Tokens a sequence is cut into for attention; the whole context once its warm-up is over.</param>
internal readonly record struct BatchPlan(long Step, long FirstSequence, int Sequences, int Segment);
