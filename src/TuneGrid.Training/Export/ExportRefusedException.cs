namespace TuneGrid.Training.Export;

/// <summary>The format can't express the model; the message says why, for users.</summary>
public sealed class ExportRefusedException(string message) : Exception(message);
