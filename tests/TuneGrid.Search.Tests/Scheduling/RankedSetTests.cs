using FsCheck.Xunit;
using TuneGrid.Search.Scheduling;

namespace TuneGrid.Search.Tests.Scheduling;

public class RankedSetTests
{
    [Property]
    public void Ranks_as_a_sorted_list_does(double[] scores, bool[] removed)
    {
        var set = new RankedSet();
        var items = scores.Select((score, i) => new RungScore(score, new TrialId(i))).ToList();
        items.ForEach(set.Add);
        foreach (var item in items.Where((_, i) => i < removed.Length && removed[i]).ToList())
        {
            set.Remove(item);
            items.Remove(item);
        }

        var sorted = items.OrderBy(i => double.IsNaN(i.Score)).ThenBy(i => i.Score).ThenBy(i => i.Trial.Number).ToList();
        Assert.Equal(sorted.Count, set.Count);
        Assert.All(sorted, (item, rank) => Assert.Equal((rank, item), (set.Rank(item), set.Select(rank))));
    }
}
