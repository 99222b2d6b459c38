using OpenTelemetry.Trace;

namespace TuneGrid.Cli.Telemetry;

/// <summary>Keeps whole traces. A call between grains that belongs to no study's trace (a heartbeat, news for whoever watches) is left out.</summary>
internal sealed class GridSampler : Sampler
{
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        // Orleans names its spans Interface/Method; ours have no slash.
        var isStray = samplingParameters.ParentContext.TraceId == default && samplingParameters.Name.Contains('/', StringComparison.Ordinal);
        return new(isStray ? SamplingDecision.Drop : SamplingDecision.RecordAndSample);
    }
}
