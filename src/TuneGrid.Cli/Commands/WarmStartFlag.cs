using System.CommandLine;
using TuneGrid.Cli.Terminal;
using TuneGrid.Cli.Views;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Studies;
using TuneGrid.Search.Reading;
using TuneGrid.Search.Space;
using TuneGrid.Silo.Segments;

namespace TuneGrid.Cli.Commands;

/// <summary><c>--warm-start STUDY|auto</c>: the studies of the store that a new one is started from.</summary>
internal sealed class WarmStartFlag
{
    private const string Auto = "auto";

    /// <summary>As many of the newest are asked for what they found.</summary>
    private const int MostStudies = 8;

    private readonly Option<string[]> _names = new("--warm-start")
    {
        Description = "Begin where this study of the store found good ones, whatever its hardware and corpus; repeat for more, or auto",
        HelpName = "STUDY",
    };

    public WarmStartFlag AddTo(Command command)
    {
        command.Options.Add(_names);
        return this;
    }

    /// <summary>Returns what the named studies found, or with <c>auto</c> those that share a parameter with the space; says so.</summary>
    /// <exception cref="UsageException">A study is unknown, or has nothing to offer, or the sampler would not look at it.</exception>
    /// <exception cref="LedgerCorruptException">A named study is damaged.</exception>
    public async Task<IReadOnlyList<EarlierStudy>> FindAsync(
        ParseResult parsed, IStudyStore store, SearchSpace space, TextWriter error, CancellationToken cancellation)
    {
        if (parsed.GetValue(_names) is not { Length: > 0 } names)
            return [];
        if (space.Sampler.Type is SamplerType.Random or SamplerType.Sobol)
        {
            throw new UsageException(
                $"--warm-start is for a sampler that learns, and this space says {TypeNames.NameOf(space.Sampler.Type)}; "
                + "add --set sampler.type=tpe");
        }
        var found = names is [Auto]
            ? await AllAsync(store, space, error, cancellation)
            : await NamedAsync(store, names, space, cancellation);
        foreach (var source in found)
        {
            var best = source.Trials.Count == 1 ? "trial" : $"{source.Trials.Count} trials";
            error.WriteLine($"warm start: the best {best} of {source.Study}");
        }
        if (found.Count == 0)
            error.WriteLine("warm start: no study of this store has a score and shares a parameter with this space, so it starts cold");
        return found;
    }

    private static async Task<List<EarlierStudy>> NamedAsync(
        IStudyStore store, string[] names, SearchSpace space, CancellationToken cancellation)
    {
        var found = new List<EarlierStudy>();
        foreach (var name in names.Distinct())
        {
            var study = await StudyFinder.FindAsync(store, name, cancellation);
            found.Add(EarlierStudy.Of(await ReadAsync(store, study.Id, cancellation), space) ?? throw new UsageException(
                $"--warm-start {study.Id}: no trial of it has a score yet, or it has none of the parameters searched here: "
                + string.Join(", ", space.Parameters.Select(p => p.Name))));
        }
        return found;
    }

    private static async Task<List<EarlierStudy>> AllAsync(
        IStudyStore store, SearchSpace space, TextWriter error, CancellationToken cancellation)
    {
        var found = new List<EarlierStudy>();
        foreach (var study in (await StudyFinder.ListAsync(store, error, cancellation)).OrderByDescending(s => s.ChangedAt))
        {
            if (found.Count == MostStudies)
                break;
            try
            {
                if (EarlierStudy.Of(await ReadAsync(store, study.Id, cancellation), space) is { } earlier)
                    found.Add(earlier);
            }
            catch (LedgerCorruptException broken)
            {
                error.WriteLine($"set aside: {broken.Message}");
            }
        }
        return found;
    }

    private static async Task<StudyState> ReadAsync(IStudyStore store, StudyId study, CancellationToken cancellation)
    {
        var follower = new StudyFollower(store, study, SpacePlanner.Read);
        await follower.RefreshAsync(cancellation);
        return follower.State;
    }
}
