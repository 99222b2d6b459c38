using TuneGrid.Search.Space;

namespace TuneGrid.Search.Sampling;

/// <summary>A configuration to try, and why.</summary>
public sealed record Proposal(Configuration Configuration, ProposalReason Why);

/// <summary>Why a configuration was proposed, as it stands in the ledger.</summary>
/// <param name="By">
/// What chose it, in snake_case: a sampler (<c>random</c>, <c>sobol</c>, <c>tpe</c>, <c>gp</c> ...), <c>start</c>, <c>enqueued</c> or
/// <c>repeat</c>.
/// </param>
/// <param name="Text">For people, half a sentence; null where <paramref name="By"/> says it all.</param>
public sealed record ProposalReason(string By, string? Text = null)
{
    /// <summary>
    /// What the sampler's model learned from the history if it was fitted anew for this proposal, in the sampler's own order; later
    /// proposals build on it. Null if it was not.
    /// </summary>
    public ValueList<double>? Model { get; init; }
}
