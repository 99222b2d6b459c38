using System.Collections.Concurrent;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;

namespace TuneGrid.Silo.Grains;

/// <summary>The segments of this process, where their trials' grains find them. Thread-safe.</summary>
internal sealed class LocalSegments
{
    private readonly ConcurrentDictionary<string, LocalSegment> _byTrial = new();

    public static string KeyOf(StudyId study, TrialId trial) => $"{study}/{trial}";

    /// <summary>Keeps the segment, not started yet, until it is removed.</summary>
    public void Add(LocalSegment segment) => _byTrial[segment.Key] = segment;

    public void Remove(LocalSegment segment) => _byTrial.TryRemove(new(segment.Key, segment));

    public LocalSegment? Find(string key) => _byTrial.GetValueOrDefault(key);

    /// <summary>Asks all of them for a checkpoint at the next step.</summary>
    public void PauseAll()
    {
        foreach (var segment in _byTrial.Values)
            segment.Pause();
    }
}
