using System.Text;
using TuneGrid.Coordination.Json;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Trials;

namespace TuneGrid.Storage;

/// <summary>The JSON forms of <see cref="EventJson"/> as database text: whoever opens the database by hand can read them.</summary>
internal static class StoreJson
{
    public static string Write(StudyEvent change) => Encoding.UTF8.GetString(EventJson.Write(change));

    public static string Write(StudySummary summary) => Encoding.UTF8.GetString(EventJson.WriteSummary(summary));

    public static string Write(SiloDescription silo) => Encoding.UTF8.GetString(EventJson.WriteSilo(silo));

    public static string Write(SegmentProgress progress) => Encoding.UTF8.GetString(EventJson.WriteProgress(progress));

    /// <summary>Null if the text is damaged.</summary>
    public static StudySummary? ReadSummary(string json) => EventJson.ReadSummary(Encoding.UTF8.GetBytes(json));

    /// <summary>A row of "silos"; a description that is damaged, or another silo's, leaves only the name and the time.</summary>
    public static SiloRow ReadSilo(string silo, string json, DateTimeOffset lastSeen, DrainRequest drain) =>
        EventJson.ReadSilo(Encoding.UTF8.GetBytes(json)) is { Host: not null, Doing: not null } read
            && read.Id.Value == silo && !string.IsNullOrEmpty(read.Class.Key)
            ? new(read, lastSeen, drain)
            : SiloRow.Damaged(new(silo), lastSeen);

    /// <summary>Null if the text is damaged.</summary>
    public static SegmentProgress? ReadProgress(string json) => EventJson.ReadProgress(Encoding.UTF8.GetBytes(json));
}
