using TuneGrid.Search.Sampling;
using TuneGrid.Search.Space;

namespace TuneGrid.Simulation.Tables;

/// <summary>Something to search in virtual time: every training of it is known, or can be computed at once.</summary>
public interface ISimulatedTask
{
    /// <summary>What results are named by, a file's name as a rule.</summary>
    string Name { get; }

    /// <summary>What is searched. Its budget is a full training; scheduler, sampler, trials and seed are the search's own.</summary>
    SearchSpace Space { get; }

    /// <summary>What a sampler may ask about the parameters.</summary>
    IParameterCatalog Catalog { get; }

    /// <summary>The amounts at which a full training is scored, ascending.</summary>
    IReadOnlyList<double> Amounts { get; }

    /// <summary>How long full trainings take on average, in seconds.</summary>
    double MeanSeconds { get; }

    /// <summary>What answers are measured by.</summary>
    RegretScale Scale { get; }

    /// <summary>Returns the sampler that proposes what this task can train.</summary>
    /// <param name="sampler">Proposes any configuration of the space.</param>
    ISampler Adapt(ISampler sampler);

    /// <summary>Returns the training of a configuration.</summary>
    /// <param name="configuration">One that the adapted sampler proposed.</param>
    /// <param name="trial">The number of the trial that the configuration was proposed for, which its noise depends on.</param>
    /// <param name="repeat">0 for that trial itself, n for the n-th that repeats it.</param>
    RecordedCurve Train(Configuration configuration, int trial, int repeat = 0);
}

/// <summary>What regrets are measured from and divided by.</summary>
/// <param name="BestAny">The best score at any point.</param>
/// <param name="BestFull">The best score of a full training.</param>
/// <param name="Unit">The median minus the best score of full trainings; 1 where they are equal.</param>
public sealed record RegretScale(double BestAny, double BestFull, double Unit);
