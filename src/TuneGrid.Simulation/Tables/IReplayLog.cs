namespace TuneGrid.Simulation.Tables;

/// <summary>Hears what a search in virtual time sees.</summary>
internal interface IReplayLog
{
    /// <summary>A point of a training was scored.</summary>
    /// <param name="at">Device-seconds since the search began.</param>
    /// <param name="score">What the search sees; NaN where the training has failed.</param>
    /// <param name="truth">What it is worth.</param>
    /// <param name="isFull">The point ended a full training.</param>
    void Scored(double at, double score, double truth, bool isFull);
}
