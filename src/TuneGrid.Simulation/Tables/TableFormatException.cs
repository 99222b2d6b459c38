namespace TuneGrid.Simulation.Tables;

/// <summary>A text is no table of learning curves. The message says in which line, and what was expected.</summary>
public sealed class TableFormatException(string message) : Exception(message);
