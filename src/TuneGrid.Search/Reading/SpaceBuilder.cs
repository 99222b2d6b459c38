using System.Collections.Immutable;
using TuneGrid.Search.Reading.Json;
using TuneGrid.Search.Space;
using TuneGrid.Search.Space.Expressions;

namespace TuneGrid.Search.Reading;

/// <summary>
/// Turns a file's nodes into a space. Every part is read even after a mistake elsewhere, with its default standing in, so that all
/// mistakes show at once; what comes out is meant only if no problem was added.
/// </summary>
internal sealed class SpaceBuilder(IParameterCatalog catalog, ProblemList problems)
{
    private const int MaxTrials = 1_000_000;
    private const int MaxNameLength = 64;
    private const int MaxNoteLength = 200;

    private static readonly string[] Keys =
    [
        "$schema", "name", "note", "corpus", "objective", "budget", "scheduler", "sampler", "disturbance", "finalists", "keep",
        "trials", "seed", "parameters", "fixed", "constraints", "start", "control", "stop",
    ];

    private readonly NodeReader _nodes = new(problems);

    public SearchSpace Build(LocatedNode root, string file)
    {
        _nodes.IsObject(root, Keys);
        if (root.Find("$schema") is { } schema)
            _nodes.Text(schema, "the path of a JSON schema");
        var rules = new RunSection(_nodes);
        var budget = rules.Budget(root);
        var scheduler = rules.Scheduler(root.Find("scheduler"), budget);
        var parameters = new ParameterSection(_nodes, catalog);
        var searched = parameters.Searched(root);
        var fixedValues = parameters.Fixed(root.Find("fixed"), root.Find("parameters"));
        new WhenCheck(_nodes, catalog).Check(root.Find("parameters"), searched, fixedValues);
        var space = new SearchSpace(
            root.Find("name") is { } name ? Name(name) ?? "" : NameOf(file),
            root.Find("corpus") is { } corpus ? Name(corpus) ?? "" : "auto",
            rules.Objective(root.Find("objective")),
            budget,
            scheduler,
            rules.Sampler(root.Find("sampler")),
            root.Find("trials") is { } trials ? (int)(_nodes.Whole(trials, 1, MaxTrials) ?? 1) : 27,
            root.Find("seed") is { } seed ? _nodes.Seed(seed) ?? 0 : 0,
            searched,
            fixedValues,
            Constraints(root.Find("constraints")))
        {
            Disturbance = rules.Disturbance(root.Find("disturbance")),
            Finalists = rules.Finalists(root.Find("finalists")),
            Keep = rules.Keep(root.Find("keep")),
            Note = root.Find("note") is { } note ? Note(note) : null,
            StopAfter = root.Find("stop") is { } stop ? rules.StopAfter(stop) : null,
        };
        return WithStart(space, root);
    }

    /// <summary>Start points are checked against the whole space, so one that is sound.</summary>
    private SearchSpace WithStart(SearchSpace space, LocatedNode root)
    {
        var (start, control) = (root.Find("start"), root.Find("control"));
        var isControlled = control is not null && _nodes.Flag(control);
        if (isControlled && start is not { Kind: NodeKind.Array, Items.Count: > 0 })
            problems.Add(control!.Place, "a control is the first start point: expected for example \"start\": [\"defaults\"]");
        return start is null || !problems.IsEmpty
            ? space
            : space with { StartPoints = new StartSection(_nodes, catalog).Read(start, space), Control = isControlled };
    }

    private string? Name(LocatedNode node)
    {
        const string Expected = "a name of letters, digits, '-', '_' and '.', at most 64 long";
        if (_nodes.Text(node, Expected) is not { } name)
            return null;
        if (IsName(name))
            return name;
        problems.Add(node.Place, $"expected {Expected}, not {node}");
        return null;
    }

    private string? Note(LocatedNode node)
    {
        const string Expected = "one line of text, at most 200 characters long";
        if (_nodes.Text(node, Expected) is not { } note)
            return null;
        if (note.Length is > 0 and <= MaxNoteLength && !note.Any(char.IsControl))
            return note;
        problems.Add(node.Place, $"expected {Expected}");
        return null;
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= MaxNameLength
        && char.IsAsciiLetterOrDigit(name[0])
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    /// <summary>The file's stem where that is a name.</summary>
    private static string NameOf(string file)
    {
        var stem = Path.GetFileNameWithoutExtension(file);
        return IsName(stem) ? stem : "search";
    }

    private ImmutableArray<Constraint> Constraints(LocatedNode? node)
    {
        var constraints = ImmutableArray.CreateBuilder<Constraint>();
        if (node is { Kind: not NodeKind.Array })
            problems.Add(node.Place, $"expected an array of conditions such as \"parameters <= 8e6\", not {node}");
        foreach (var item in node?.Items ?? [])
        {
            if (_nodes.Text(item, "a condition such as \"parameters <= 8e6\"") is not { } text)
                continue;
            var mistakes = new List<ExpressionProblem>();
            if (ExpressionParser.Parse(text, catalog, mistakes) is { } constraint)
                constraints.Add(constraint);
            foreach (var mistake in mistakes)
            {
                var place = item.Place with { Offset = item.OffsetOf(mistake.Position) };
                problems.Add(place, Quoted.OneLine(mistake.Message), mistake.Nearest);
            }
        }
        return constraints.ToImmutable();
    }
}
