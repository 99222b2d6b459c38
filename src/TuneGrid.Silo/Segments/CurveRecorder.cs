using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Observations;
using TuneGrid.Search.Space;
using TuneGrid.Training;
using TuneGrid.Training.Corpora;

namespace TuneGrid.Silo.Segments;

/// <summary>
/// Evaluates one segment while it trains: at the amounts of <see cref="CurveEvaluation"/>, as far as they cost at most a share of its
/// training time. Called by the training thread between two steps, outside the training clock; the training's bits stay the same.
/// </summary>
/// <param name="share">Most seconds of evaluation per second of training.</param>
internal sealed class CurveRecorder(Assignment work, Trainer trainer, TokenSequence text, double share, TimeProvider time)
{
    // A forward pass alone costs about a third of a step: half is on the safe side.
    private const double CostOfScoring = 0.5;

    private readonly long _slice = CurveEvaluation.SliceTokens(work.Budget);
    private readonly double _secondsBefore = trainer.Progress.TrainingSeconds;
    private readonly Queue<double> _due = new(
        CurveEvaluation.Amounts(work.Budget.Amount).Where(a => a > trainer.Progress.Amount && a < work.ToAmount));

    private readonly List<CurvePoint> _points = [];
    private double _spentSeconds;
    private double? _lastSeconds;

    /// <summary>What was evaluated so far, on the slice alone; null while there is nothing.</summary>
    public ValueList<CurvePoint>? Points { get; private set; }

    /// <summary>A step has been made: evaluates if an amount is due. Returns whether there is a new point.</summary>
    public bool Step(TrainingProgress now, CancellationToken cancellation)
    {
        if (share <= 0 || _due.Count == 0 || now.Amount < _due.Peek())
            return false;
        while (_due.Count > 0 && now.Amount >= _due.Peek())
            _due.Dequeue();
        if (now.Amount >= work.ToAmount || IsTooDear(now) || Score(cancellation) is not { } score || !double.IsFinite(score))
            return false;
        _points.Add(new(now.Amount, score));
        Points = [.. _points];
        return true;
    }

    /// <summary>
    /// Returns the points in proportion to the rung's own score, which is taken over more text: the slice is scored once more with the
    /// weights of the rung, and what they differ by there is taken from every point. Null if there are none.
    /// </summary>
    /// <param name="rungScore">Over the rung's text, at the end of the segment.</param>
    public ValueList<CurvePoint>? Scaled(double rungScore, CancellationToken cancellation)
    {
        return Points is not null && double.IsFinite(rungScore) && Score(cancellation) is > 0 and var onSlice
            ? [.. _points.Select(p => p with { Score = p.Score * rungScore / onSlice })]
            : Points;
    }

    private bool IsTooDear(TrainingProgress now)
    {
        var next = _lastSeconds ?? (now.TokensPerSecond > 0 ? CostOfScoring * _slice / now.TokensPerSecond : 0);
        return _spentSeconds + next > share * (now.TrainingSeconds - _secondsBefore);
    }

    /// <summary>Null if the segment was asked to stop meanwhile: it does so at its next step.</summary>
    private double? Score(CancellationToken cancellation)
    {
        var begun = time.GetTimestamp();
        try
        {
            return trainer.Evaluate(text, _slice, cancellation).BitsPerByte;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            _lastSeconds = time.GetElapsedTime(begun).TotalSeconds;
            _spentSeconds += _lastSeconds.Value;
        }
    }
}
