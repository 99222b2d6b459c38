using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace TuneGrid.Silo.Membership;

/// <summary>Who is in a cluster, as it stands in the store: one JSON text, changed as a whole.</summary>
internal sealed class ClusterText
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    };

    /// <summary>Grows with every change of a member but its sign of life.</summary>
    public int Version { get; set; }

    public List<Member> Members { get; set; } = [];

    /// <summary>Where the text stands in the store.</summary>
    public static string NameOf(string cluster) => $"orleans/{cluster}";

    /// <summary>
    /// What was never written, or can't be read any more, is an empty cluster, and a member that can't be is none: members announce
    /// themselves again.
    /// </summary>
    public static ClusterText Read(string json)
    {
        try
        {
            var text = (json.Length == 0 ? null : JsonSerializer.Deserialize<ClusterText>(json, Json)) ?? new();
            text.Members = [.. (text.Members ?? []).Where(m => m is { IsReadable: true })];
            return text;
        }
        catch (JsonException)
        {
            return new();
        }
    }

    public string Write() => JsonSerializer.Serialize(this, Json);

    public Member? Find(SiloAddress address) => Members.Find(m => m.Address == address.ToParsableString());

    public MembershipTableData ToTable(Func<Member, bool>? isWanted = null)
        => new(
            [.. Members.Where(isWanted ?? (_ => true)).Select(m => Tuple.Create(m.ToEntry(), Etag(m.Etag)))],
            new(Version, Etag(Version)));

    public static string Etag(int version) => version.ToString(CultureInfo.InvariantCulture);

    /// <summary>One silo of the cluster. Times are UTC.</summary>
    internal sealed class Member
    {
        public string Address { get; set; } = "";

        public SiloStatus Status { get; set; }

        public int ProxyPort { get; set; }

        public string Host { get; set; } = "";

        public string Name { get; set; } = "";

        public DateTime Started { get; set; }

        public DateTime Alive { get; set; }

        public List<Suspicion> Suspicions { get; set; } = [];

        public int Etag { get; set; }

        [JsonIgnore]
        public bool IsReadable => Host is not null && Name is not null && Enum.IsDefined(Status) && ProxyPort is >= 0 and <= ushort.MaxValue
            && IsAddress(Address) && Suspicions is not null && Suspicions.TrueForAll(s => s is not null && IsAddress(s.By));

        public static Member Of(MembershipEntry entry, int etag) => new()
        {
            Address = entry.SiloAddress.ToParsableString(), Status = entry.Status, ProxyPort = entry.ProxyPort, Host = entry.HostName,
            Name = entry.SiloName, Started = entry.StartTime, Alive = entry.IAmAliveTime, Etag = etag,
            Suspicions = [.. (entry.SuspectTimes ?? []).Select(s => new Suspicion(s.Item1.ToParsableString(), s.Item2))],
        };

        public MembershipEntry ToEntry() => new()
        {
            SiloAddress = SiloAddress.FromParsableString(Address), Status = Status, ProxyPort = ProxyPort, HostName = Host, SiloName = Name,
            StartTime = Started, IAmAliveTime = Alive,
            SuspectTimes = [.. Suspicions.Select(s => Tuple.Create(SiloAddress.FromParsableString(s.By), s.At))],
        };

        private static bool IsAddress(string? text)
        {
            try
            {
                return text is { Length: > 0 } && SiloAddress.FromParsableString(text).ToParsableString() == text;
            }
            catch (Exception fault) when (fault is FormatException or ArgumentException or OverflowException or IndexOutOfRangeException)
            {
                return false;
            }
        }
    }

    internal sealed record Suspicion(string By, DateTime At);
}
