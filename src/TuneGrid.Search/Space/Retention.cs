namespace TuneGrid.Search.Space;

/// <summary>Which models and checkpoints of a study stay once it has ended.</summary>
public enum Retention
{
    /// <summary>Those of every trial that was trained for the whole budget.</summary>
    Finalists,

    /// <summary>Those of the champion of each hardware class.</summary>
    Champion,

    /// <summary>All that was ever recorded, also while the study runs.</summary>
    All,
}
