using System.Text.Json.Serialization;

namespace TuneGrid.Training.Kernels;

/// <summary>Nonlinearity of an MLP.</summary>
public enum Activation
{
    /// <summary>x Φ(x), exact (erf).</summary>
    Gelu,

    /// <summary>max(x, 0)².</summary>
    [JsonStringEnumMemberName("relu2")]
    ReluSquared,

    /// <summary>silu(gate) * up (arXiv:2002.05202).</summary>
    SwiGlu,
}
