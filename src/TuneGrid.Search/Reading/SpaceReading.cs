using TuneGrid.Search.Space;

namespace TuneGrid.Search.Reading;

/// <summary>What came of reading a search space file.</summary>
/// <param name="Space">Null if there is any problem.</param>
/// <param name="Problems">Every mistake found, in file order; those of overrides last.</param>
/// <param name="Json">
/// The effective file, overrides applied and defaults filled in; reads back to the same space. Empty if there is any problem.
/// </param>
public sealed record SpaceReading(SearchSpace? Space, IReadOnlyList<SpaceProblem> Problems, string Json);
