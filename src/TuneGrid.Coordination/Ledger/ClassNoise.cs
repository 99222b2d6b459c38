using System.Text.Json.Serialization;
using TuneGrid.Search.Analysis;
using TuneGrid.Search.Space;

namespace TuneGrid.Coordination.Ledger;

/// <summary>How much scores of a hardware class owe to the luck of their seeds, as repeats have shown it.</summary>
/// <param name="Unit">What amounts are counted in.</param>
/// <param name="Points">In ascending order of amount; the last is the whole budget.</param>
public sealed record ClassNoise(BudgetKind Unit, ValueList<NoisePoint> Points)
{
    /// <summary>Which studies measured it; empty for one's own.</summary>
    [JsonIgnore]
    public string Source { get; init; } = "";
}
