using System.Collections.Immutable;
using TuneGrid.Search.Space;
using TuneGrid.Search.Space.Expressions;

namespace TuneGrid.Search.Sampling;

/// <summary>
/// Asks for one proposal's candidates whether the space's constraints and the trainer allow them, and counts what asking costs. Not
/// thread-safe.
/// </summary>
internal sealed class FeasibilityCheck(ImmutableArray<Constraint> constraints, IParameterCatalog catalog)
{
    // What refused the last candidate is asked first: most are refused, and often by the same one. In each proposal's own order, so that
    // the effort depends on nothing but the proposal.
    private readonly List<Constraint> _constraints = [.. constraints];

    /// <summary>
    /// What was spent, in evaluated nodes of constraints. Counted and not timed, since replaying a ledger elsewhere must give up at the
    /// same candidate.
    /// </summary>
    public long Effort { get; private set; }

    /// <summary>Returns null if the configuration may be tried, else what refuses it.</summary>
    public string? Refusal(Configuration configuration)
    {
        var candidate = new Candidate(configuration, catalog);
        var refusal = Refusal(candidate);
        Effort += candidate.Cost;
        return refusal;
    }

    private string? Refusal(Candidate candidate)
    {
        for (var i = 0; i < _constraints.Count; i++)
        {
            var constraint = _constraints[i];
            if (candidate.Meets(constraint))
                continue;
            _constraints.RemoveAt(i);
            _constraints.Insert(0, constraint);
            return constraint.Text;
        }
        return candidate.Refusal();
    }
}
