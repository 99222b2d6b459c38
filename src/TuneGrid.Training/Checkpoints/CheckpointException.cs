namespace TuneGrid.Training.Checkpoints;

/// <summary>A checkpoint or model file that cannot be used; the message names the file and the reason.</summary>
public sealed class CheckpointException(string path, string reason, Exception? inner = null) : Exception($"{path}: {reason}", inner)
{
    public string Path { get; } = path;

    public string Reason { get; } = reason;
}
