using System.Collections.Concurrent;
using System.Diagnostics;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Telemetry;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Space;
using TuneGrid.Simulation;
using TuneGrid.Testing.Contracts;

namespace TuneGrid.Coordination.Tests.Telemetry;

// A listener hears the whole process and span ids are random: nobody else may write ledgers meanwhile.
[Collection("Spans")]
[CollectionDefinition("Spans", DisableParallelization = true)]
public sealed class SpanTests
{
    [Fact]
    public void Segments_hang_under_their_trial_and_link_to_the_segment_they_resume()
    {
        const string Study = "00-11111111111111111111111111111111-2222222222222222-01";
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == GridInstruments.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        var plan = new ClusterPlan(3, 1, 9, 2, SchedulerType.Asha, DisturbancePolicy.Accept, TimeSpan.FromMinutes(20));
        var ledger = new Cluster(3, plan, Study).Run().Select(e => e.Event).ToList();
        var recorded = spans.Where(s => s.Recorded && s.TraceId.ToHexString() == Study.Split('-')[1]).ToDictionary(s => s.Id!);
        var trials = ledger.OfType<TrialProposed>().ToDictionary(t => t.Trial);
        // A silo that crashed right after its decision was appended never ends these spans; their context is in the ledger all the same.
        var ended = trials.Values.Where(t => recorded.ContainsKey(t.Trace!)).ToList();
        Assert.InRange(ended.Count, trials.Count / 2, trials.Count);
        Assert.All(ended, t => Assert.Equal("2222222222222222", recorded[t.Trace!].ParentSpanId.ToHexString()));
        var before = new Dictionary<int, string>();
        foreach (var leased in ledger.OfType<SegmentLeased>())
        {
            // A silo that crashed never ends its span; its context is in the ledger all the same.
            if (recorded.TryGetValue(leased.Trace!, out var span))
            {
                Assert.Equal(trials[leased.Trial].Trace!.Split('-')[2], span.ParentSpanId.ToHexString());
                Assert.Equal(
                    before.TryGetValue(leased.Trial.Number, out var last) ? [last.Split('-')[2]] : [],
                    span.Links.Select(l => l.Context.SpanId.ToHexString()));
            }
            before[leased.Trial.Number] = leased.Trace!;
        }
        var decisions = recorded.Values.Where(s => s.OperationName == "tunegrid.rung.decision").ToList();
        // A decision whose answer was lost may have been appended or not; if not, it is made again.
        Assert.Equal(
            ledger.OfType<TrialPromoted>().Select(p => (p.Trial.ToString(), p.ToRung)).Order(),
            decisions.Select(d => ((string)d.GetTagItem("tunegrid.trial")!, (int)d.GetTagItem("tunegrid.rung.to")!)).Distinct().Order());
        Assert.All(decisions, d => Assert.NotNull(d.GetTagItem("tunegrid.rung.cutoff")));
    }
}
