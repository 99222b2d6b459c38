namespace TuneGrid.Coordination.Tests.Simulation;

/// <summary>A test on recorded trainings, which are no part of the repository: the folder that has them is in TUNEGRID_REPLAY.</summary>
public sealed class RecordingsFactAttribute : FactAttribute
{
    private const string Variable = "TUNEGRID_REPLAY";

    public RecordingsFactAttribute()
    {
        if (!System.IO.File.Exists(File("gpt5min_check.csv")))
            Skip = $"{Variable} names no folder with gpt5min_check.csv";
    }

    public static string File(string name) => Path.Combine(Environment.GetEnvironmentVariable(Variable) ?? "", name);
}
