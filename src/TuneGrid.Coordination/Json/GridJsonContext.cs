using System.Text.Json.Serialization;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Silos;
using TuneGrid.Coordination.Trials;
using TuneGrid.Coordination.Work;

namespace TuneGrid.Coordination.Json;

/// <summary>
/// How everything that the stores keep, and what silos say to each other, stands in JSON: snake_case, no empty fields, NaN and infinities
/// by name, unknown fields ignored. An event's kind is its first field: looking for it further on would read every event of a long ledger
/// twice.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    UseStringEnumConverter = true,
    Converters =
    [
        typeof(StudyIdConverter), typeof(SiloIdConverter), typeof(ArtifactHashConverter), typeof(HardwareClassConverter),
        typeof(TrialIdConverter), typeof(FenceConverter), typeof(LeaseTokenConverter), typeof(ConfigurationConverter),
        typeof(NumbersConverter), typeof(TrialsConverter), typeof(NoiseConverter), typeof(CurveConverter), typeof(EarlierTrialsConverter),
    ])]
[JsonSerializable(typeof(StudyEvent))]
[JsonSerializable(typeof(StudySummary))]
[JsonSerializable(typeof(SiloDescription))]
[JsonSerializable(typeof(SegmentProgress))]
[JsonSerializable(typeof(Assignment))]
[JsonSerializable(typeof(SegmentOutcome))]
[JsonSerializable(typeof(WorkRequest))]
[JsonSerializable(typeof(WorkAnswer))]
[JsonSerializable(typeof(ReportAnswer))]
internal sealed partial class GridJsonContext : JsonSerializerContext;
