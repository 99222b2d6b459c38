namespace TuneGrid.Coordination.Workers;

/// <summary>This silo could not run several segments in a row: it leaves the work to others. Nothing is lost.</summary>
/// <param name="message">What the last one met, and what to do.</param>
public sealed class SiloUnfitException(string message) : Exception(message);
