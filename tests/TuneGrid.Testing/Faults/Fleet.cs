using TuneGrid.Simulation;
using TuneGrid.Testing.Processes;

namespace TuneGrid.Testing.Faults;

/// <summary>Where and how a silo of a fleet runs.</summary>
/// <param name="Store">What stands in its $TUNEGRID_STORE; null for the sandbox's own.</param>
/// <param name="Wrapper">What its command is started with.</param>
/// <param name="Listen">The address at which the other silos of its cluster reach it; null for loopback.</param>
internal sealed record SiloPlace(string? Store, IReadOnlyList<string>? Wrapper = null, string? Listen = null);

/// <summary>Real silos on one store, and a search that trains nothing and follows its study.</summary>
internal sealed class Fleet : IDisposable
{
    private readonly Sandbox _sandbox;
    private readonly List<SiloPlace> _places = [];
    private readonly string _space;
    private readonly string _leaseSeconds;
    private readonly List<TuneGridProcess> _silos = [];
    private readonly List<TuneGridProcess> _gone = [];

    /// <param name="places">The search runs where the last silo does.</param>
    /// <param name="space">The search space file.</param>
    public Fleet(Sandbox sandbox, IReadOnlyList<SiloPlace> places, string space, int leaseSeconds)
    {
        (_sandbox, _space, _leaseSeconds) = (sandbox, space, FormattableString.Invariant($"{leaseSeconds}"));
        foreach (var place in places)
            AddSilo(place);
        Search = StartSearch("search", space);
    }

    public TuneGridProcess Search { get; private set; }

    public IReadOnlyList<TuneGridProcess> Silos => _silos;

    /// <summary>What all silos said, those that were killed as well.</summary>
    public string SiloErrors => string.Concat(_gone.Concat(_silos).Select(s => s.Errors));

    public void AddSilo(SiloPlace place)
    {
        _places.Add(place);
        _silos.Add(StartSilo(_silos.Count));
    }

    /// <summary>Kills a silo and starts another in its place.</summary>
    public void ReplaceSilo(int index)
    {
        _silos[index].KillHard();
        _gone.Add(_silos[index]);
        _silos[index] = StartSilo(index);
    }

    /// <summary>Kills the search and resumes its study.</summary>
    public void ReplaceSearch(string study)
    {
        Search.KillHard();
        _gone.Add(Search);
        Search = StartSearch("resume", study);
    }

    /// <summary>Begins another study, the search having ended.</summary>
    public void SearchAgain()
    {
        _gone.Add(Search);
        Search = StartSearch("search", _space);
    }

    /// <summary>Asks all silos to leave; each must do so in good order.</summary>
    public async Task DismissAsync()
    {
        foreach (var silo in _silos)
        {
            // A process that has hardly begun does not hear signals yet: it dies of them.
            await silo.SaysAsync("silo of class");
            silo.Terminate();
        }
        foreach (var silo in _silos)
            Assert.True(await silo.ExitAsync() == 0, $"a silo exited with {silo.ExitCode}\n{silo.Errors}");
    }

    public void Dispose()
    {
        foreach (var process in _gone.Concat(_silos).Append(Search))
            process.Dispose();
    }

    private TuneGridProcess StartSilo(int index)
    {
        var place = _places[index];
        string[] listen = place.Listen is null ? [] : ["--listen", place.Listen, "--insecure"];
        return TuneGridProcess.Start(
            _sandbox, ["start-silo", "--threads", "1", "--name", $"silo{index + 1}", .. listen], Environment(place.Store), place.Wrapper);
    }

    private TuneGridProcess StartSearch(params string[] what) =>
        TuneGridProcess.Start(_sandbox, [.. what, "--no-silo", "--output", "json"], Environment(_places[^1].Store));

    private Dictionary<string, string> Environment(string? store)
    {
        var variables = new Dictionary<string, string> { ["TUNEGRID_LEASE_SECONDS"] = _leaseSeconds };
        if (store is not null)
            variables["TUNEGRID_STORE"] = store;
        return variables;
    }
}
