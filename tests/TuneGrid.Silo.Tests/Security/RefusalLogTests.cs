using TuneGrid.Silo.Security;
using TuneGrid.Testing.Contracts;

namespace TuneGrid.Silo.Tests.Security;

public sealed class RefusalLogTests
{
    private readonly List<string> _said = [];
    private readonly SettableClock _clock = new();
    private readonly RefusalLog _log;

    public RefusalLogTests() => _log = new(_said.Add, _clock);

    [Fact]
    public void The_same_line_is_said_once_a_minute()
    {
        for (var second = 0; second < 120; second++, _clock.Now += TimeSpan.FromSeconds(1))
            _log.Add("no certificate");
        Assert.Equal(["no certificate", "no certificate"], _said);
    }

    [Fact]
    public void Lines_with_the_same_key_are_the_same()
    {
        _log.Add("no connection to a: expired", "expired");
        _log.Add("no connection to b: expired", "expired");
        Assert.Equal(["no connection to a: expired"], _said);
    }

    [Fact]
    public void Of_a_flood_ten_lines_a_minute_remain_and_a_count_of_the_rest()
    {
        for (var port = 0; port < 1000; port++)
            _log.Add($"from {port}");
        Assert.Equal(Enumerable.Range(0, RefusalLog.MostAMinute).Select(p => $"from {p}"), _said);
        _clock.Now += TimeSpan.FromMinutes(1);
        _log.Add("from elsewhere");
        Assert.Equal("from elsewhere (and 990 more in the minute before)", _said[^1]);
    }
}
