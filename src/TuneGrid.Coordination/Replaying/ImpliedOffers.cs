using System.Globalization;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;

namespace TuneGrid.Coordination.Replaying;

/// <summary>
/// The offers that may have led to an event. The ledger says who asked only where a lease followed, and never how much memory a silo had:
/// if the rules give what is recorded to any silo that could have been there, it is reproduced. The likeliest comes first.
/// </summary>
internal static class ImpliedOffers
{
    private const int MostReady = 64, MostOffers = 20_000;
    private static readonly int[] ThreadGuesses = [1, 2, 4, 8, 16, 32, 64, 128];
    public static readonly SiloId Anybody = new("?");

    /// <param name="at">The index of the event in <paramref name="ledger"/>.</param>
    public static IEnumerable<WorkOffer> Of(StudyState state, IReadOnlyList<RecordedEvent> ledger, int at, HardwareClass hardware)
    {
        var change = ledger[at].Event;
        var next = at + 1 < ledger.Count ? ledger[at + 1].Event : null;
        var subject = SubjectOf(state, change);
        var lease = change as SegmentLeased ?? (next is SegmentLeased following && following.Trial == subject?.Id ? following : null);
        var isBeyondClass =
            change is TrialProposed && next is TrialFailed { Kind: FailureKind.Infeasible } failed && failed.Trial == subject?.Id;
        var ready = state.ClassOf(hardware).Ready.Take(MostReady).Select(state.Trial).ToList();
        var offers =
            from threads in Threads(hardware)
            let needs = Needs(state, ready, subject?.Configuration, threads)
            from limit in Limits(needs, lease is null && !isBeyondClass && change is TrialProposed or TrialPromoted)
            from living in change is TrialFailed ? needs.Prepend(0).Where(n => n == 0 || n > limit) : [-1L]
            from silo in Silos(ready, lease)
            select new WorkOffer(
                silo.Silo, hardware, change.At, TimeSpan.Zero, [], living < 0 ? null : Living(hardware, living), lease?.Token ?? default)
            {
                Host = silo.Host, Threads = threads, MemoryLimitBytes = limit,
                ClassMemoryBytes = isBeyondClass ? state.Plan.MemoryBytes(subject!.Value.Configuration, threads) - 1 : long.MaxValue,
            };
        return offers.Take(MostOffers);
    }

    private static (TrialId Id, Configuration Configuration)? SubjectOf(StudyState state, StudyEvent change) => change switch
    {
        TrialProposed e => (e.Trial, e.Configuration),
        TrialPromoted e => (e.Trial, state.Trial(e.Trial).Configuration),
        SegmentLeased e => (e.Trial, state.Trial(e.Trial).Configuration),
        TrialFailed e => (e.Trial, state.Trial(e.Trial).Configuration),
        _ => null,
    };

    /// <summary>A class's key says how many threads its silos train with: "cpu/8of16/...".</summary>
    private static IEnumerable<int> Threads(HardwareClass hardware)
    {
        foreach (var part in hardware.Key.Split('/'))
        {
            if (part.Split("of") is [var used, _] && int.TryParse(used, NumberStyles.None, CultureInfo.InvariantCulture, out var threads))
                return ThreadGuesses.Prepend(threads).Distinct();
        }
        return ThreadGuesses;
    }

    private static List<long> Needs(StudyState state, List<Trial> ready, Configuration? subject, int threads) =>
    [
        .. ready.Select(t => t.Configuration).Concat(subject is null ? [] : [subject])
            .Select(c => state.Plan.MemoryBytes(c, threads)).Where(b => b > 0).Distinct().OrderDescending(),
    ];

    /// <param name="isDeclined">Nobody took what was decided: most likely whoever asked could not hold it.</param>
    private static IEnumerable<long> Limits(List<long> needs, bool isDeclined)
    {
        var tooLittle = needs.Select(n => n - 1);
        return isDeclined ? tooLittle.Append(long.MaxValue) : tooLittle.Prepend(long.MaxValue);
    }

    /// <summary>Whoever asked may be one that was disturbed in a waiting trial, or could not run it.</summary>
    private static IEnumerable<(SiloId Silo, string Host)> Silos(List<Trial> ready, SegmentLeased? lease)
    {
        if (lease is not null)
            return [(lease.Silo, lease.Host ?? lease.Silo.Name)];
        return ready.SelectMany(t => t.Segments).Select(s => (s.Silo, s.Host))
            .Concat(ready.SelectMany(t => t.Releases.Keys).Select(host => (Anybody, host))).Prepend((Anybody, Anybody.Name)).Distinct();
    }

    private static Dictionary<HardwareClass, long> Living(HardwareClass hardware, long bytes) => new() { [hardware] = bytes };

}
