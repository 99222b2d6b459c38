namespace TuneGrid.Training.Checkpoints;

/// <summary>A checkpoint or model file that cannot be used; the message names the file and the reason.</summary>
public sealed class CheckpointException(string path, string reason, Exception? inner = null) : Exception($"{path}: {reason}", inner)
{
    /// <summary>The file that cannot be used.</summary>
    public string Path { get; } = path;

    /// <summary>Why, in words that follow the file's name and a colon.</summary>
    public string Reason { get; } = reason;
}
