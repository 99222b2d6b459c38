using TuneGrid.Search.Space;

namespace TuneGrid.Search.Observations;

/// <summary>
/// What is known of one hardware class of a study: every trial that was proposed for it, and what became of it. A fold over the ledger: the
/// same events give the same history, and so the same proposals. Not thread-safe.
/// </summary>
public sealed class SearchHistory
{
    private readonly List<Observation> _trials = [];
    private readonly Dictionary<int, Observation> _byTrial = [];

    /// <summary>Every trial, in the order of proposal.</summary>
    public IReadOnlyList<Observation> Trials => _trials;

    /// <summary>Grows with every change: an answer that was found for one version holds for as long as it stands.</summary>
    public long Version { get; private set; }

    /// <summary>
    /// What a sampler's model had learned when it was last fitted, as it stands in the ledger; empty before the first time.
    /// </summary>
    public ValueList<double> Model { get; private set; } = [];

    /// <summary>The best trials of earlier studies that this one starts from; none unless somebody asked for it.</summary>
    public IReadOnlyList<EarlierTrial> Earlier { get; private set; } = [];

    /// <summary>The study starts from what earlier ones found.</summary>
    /// <param name="earlier">The best of every source, in the order in which they are worth a try.</param>
    public void WarmStarted(IReadOnlyList<EarlierTrial> earlier)
    {
        Earlier = earlier;
        Version++;
    }

    /// <summary>A trial was proposed, and runs toward its first rung.</summary>
    /// <param name="trial">Its number within the study.</param>
    /// <param name="model">What the sampler learned for this proposal; null if it learned nothing new.</param>
    /// <param name="repeatOf">The trial whose configuration it runs again, or null.</param>
    public void Proposed(int trial, Configuration configuration, ValueList<double>? model = null, int? repeatOf = null)
    {
        var observation = new Observation(trial, configuration, repeatOf);
        _trials.Add(observation);
        _byTrial.Add(trial, observation);
        Model = model ?? Model;
        Version++;
    }

    /// <summary>A trial reached a rung and waits there; it is completed if that was its last.</summary>
    /// <param name="amount">The rung's nominal amount, in budget units.</param>
    /// <param name="score">Lower is better; not NaN.</param>
    /// <param name="within">What was evaluated on the way, in any order.</param>
    /// <exception cref="KeyNotFoundException">The trial was never proposed.</exception>
    public void Reached(int trial, double amount, double score, bool isLast, IEnumerable<CurvePoint>? within = null)
    {
        var observation = _byTrial[trial];
        observation.Reached(amount, score, within ?? []);
        observation.Status = isLast ? ObservationStatus.Completed : ObservationStatus.Paused;
        Version++;
    }

    /// <summary>A trial was evaluated on its way to a rung that it has not reached yet, and may never reach.</summary>
    /// <param name="points">In any order; a score that is no number counts nowhere.</param>
    /// <exception cref="KeyNotFoundException">The trial was never proposed.</exception>
    public void Evaluated(int trial, IEnumerable<CurvePoint> points)
    {
        _byTrial[trial].Evaluated(points);
        Version++;
    }

    /// <summary>A trial runs again: promoted, or tried once more after a failure.</summary>
    /// <exception cref="KeyNotFoundException">The trial was never proposed.</exception>
    public void Resumed(int trial)
    {
        (_byTrial[trial].Status, _byTrial[trial].Failure) = (ObservationStatus.Running, null);
        Version++;
    }

    /// <summary>A trial ended for good without reaching its next rung.</summary>
    /// <exception cref="KeyNotFoundException">The trial was never proposed.</exception>
    public void Failed(int trial, FailureCause cause)
    {
        (_byTrial[trial].Status, _byTrial[trial].Failure) = (ObservationStatus.Failed, cause);
        Version++;
    }
}
