namespace TuneGrid.Search.Tests.Surrogates;

/// <summary>A test over recorded learning curves, which lie where TUNEGRID_REPLAY says; elsewhere it is skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TableFactAttribute : FactAttribute
{
    public static string? Folder => Environment.GetEnvironmentVariable("TUNEGRID_REPLAY");

    public TableFactAttribute() => Skip = Directory.Exists(Folder) ? null : "TUNEGRID_REPLAY names no folder of recorded learning curves";
}
