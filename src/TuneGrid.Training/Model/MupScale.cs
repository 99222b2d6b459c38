namespace TuneGrid.Training.Model;

/// <summary>
/// The shape at which muP and the standard parametrization agree (CompleteP, arXiv:2505.01618): everything else is scaled from here.
/// </summary>
internal static class MupScale
{
    public const int BaseWidth = 64;
    public const int BaseDepth = 2;
}
