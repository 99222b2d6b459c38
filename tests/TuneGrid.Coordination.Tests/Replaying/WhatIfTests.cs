using TuneGrid.Coordination.Replaying;
using TuneGrid.Coordination.Studies;
using TuneGrid.Search.Space;
using TuneGrid.Simulation;

namespace TuneGrid.Coordination.Tests.Replaying;

/// <summary>Studies of a cluster in which everything goes wrong run once more under other rules.</summary>
public sealed class WhatIfTests
{
    [Fact]
    public void Any_study_can_be_run_again_under_any_scheduler()
    {
        for (var seed = 0; seed < 12; seed++)
        {
            var cluster = new Cluster(seed, Survival.PlanFor(seed));
            var state = StudyState.Replay(new("test-aaaa"), TestSpace.Plan, cluster.Run());
            foreach (var scheduler in Enum.GetValues<SchedulerType>().Take(4))
            {
                var reports = WhatIf.Run(state, TestSpace.Plan(TestSpace.Json(state.Space.Trials, 3, scheduler)));

                Assert.Equal(state.Classes.Count, reports.Count);
                foreach (var report in reports)
                {
                    Assert.Equal(state.Trials.Count(t => t.Class == report.Class && t.RepeatOf is null), report.Proposed);
                    Assert.Equal(report.Proposed, report.Exact);
                    Assert.All(report.Rungs, r => Assert.InRange(r.Promoted.Count + r.Stopped.Count, 0, r.Entered));
                    Assert.InRange(report.WallSeconds, 0, report.Seconds + 1e-6);
                }
            }
            Assert.All(HalvingSavings.Of(state), s => Assert.InRange(s.Lost, 0, s.Spent));
        }
    }
}
