using System.Globalization;
using TuneGrid.Search.Numerics;
using TuneGrid.Search.Reading.Json;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Reading;

/// <summary>Reads how a study is run: objective, budget, scheduler and sampler.</summary>
internal sealed class RunSection(NodeReader nodes)
{
    private const int MaxEta = 64;
    private const int MaxRungs = 32;
    private const int MaxFinalists = 64;
    private const double MinSeconds = 1e-3;

    // Beyond any machine's life, and far within what times, counts and the sums over all trials can hold.
    private const double MaxSeconds = 1e9, MaxJoules = 1e12, MaxTokens = 1e15, MaxSteps = 1e12;

    private static readonly NamedValues<BudgetKind> BudgetKinds =
        new([("seconds", BudgetKind.Seconds), ("tokens", BudgetKind.Tokens), ("steps", BudgetKind.Steps), ("joules", BudgetKind.Joules)]);

    internal static readonly NamedValues<SchedulerType> SchedulerTypes = new(
    [
        ("asha", SchedulerType.Asha),
        ("successive_halving", SchedulerType.SuccessiveHalving),
        ("hyperband", SchedulerType.Hyperband),
        ("random", SchedulerType.Random),
        ("auto", SchedulerType.Auto),
        ("pasha", SchedulerType.Pasha),
        ("median_stop", SchedulerType.MedianStop),
        ("freeze_thaw", SchedulerType.FreezeThaw),
    ]);

    internal static readonly NamedValues<SamplerType> SamplerTypes = new(
    [
        ("random", SamplerType.Random),
        ("sobol", SamplerType.Sobol),
        ("tpe", SamplerType.Tpe),
        ("priorband", SamplerType.PriorBand),
        ("gp", SamplerType.Gp),
        ("freeze_thaw", SamplerType.FreezeThaw),
        ("auto", SamplerType.Auto),
    ]);

    private static readonly NamedValues<DisturbancePolicy> DisturbancePolicies =
        new([("accept", DisturbancePolicy.Accept), ("rerun", DisturbancePolicy.RerunOnce)]);

    private static readonly NamedValues<Retention> Retentions =
        new([("champion", Retention.Champion), ("finalists", Retention.Finalists), ("all", Retention.All)]);

    public static string NameOf(Retention keep) => Retentions.NameOf(keep);

    public static string NameOf(DisturbancePolicy policy) => DisturbancePolicies.NameOf(policy);

    public static string NameOf(BudgetKind kind) => BudgetKinds.NameOf(kind);

    public static string NameOf(SchedulerType type) => SchedulerTypes.NameOf(type);

    public static string NameOf(SamplerType type) => SamplerTypes.NameOf(type);

    public Objective Objective(LocatedNode? node)
    {
        var defaults = new Objective("bits_per_byte", Goal.Minimize);
        if (node is null || !nodes.IsObject(node, "metric", "goal"))
            return defaults;
        var metric = node.Find("metric") is { } name ? nodes.Name(name, "bits_per_byte", "perplexity") : null;
        // Both metrics are better when lower: maximizing them would choose the worst model.
        if (node.Find("goal") is { } goal)
            nodes.Name(goal, "minimize");
        return defaults with { Metric = metric ?? defaults.Metric };
    }

    public Budget Budget(LocatedNode root)
    {
        var budget = new Budget(BudgetKind.Seconds, 300);
        if (nodes.Require(root, "budget", "\"budget\": { \"seconds\": 300 }") is not { } node || !nodes.IsObject(node, BudgetKinds.Names))
            return budget;
        var given = node.Members.Where(m => BudgetKinds.Names.Contains(m.Name)).ToList();
        if (given.Count != 1)
            nodes.Problems.Add(node.Place, $"expected exactly one of {string.Join(", ", BudgetKinds.Names)}, not {given.Count}");
        foreach (var member in given)
        {
            var kind = BudgetKinds.Find(member.Name);
            double? amount = IsCounted(kind)
                ? nodes.Whole(member.Value, 1, kind == BudgetKind.Tokens ? MaxTokens : MaxSteps)
                : nodes.Number(member.Value, MinSeconds, kind == BudgetKind.Seconds ? MaxSeconds : MaxJoules);
            budget = amount is { } a ? new(kind, a) : budget;
        }
        return budget;
    }

    public SchedulerSpec Scheduler(LocatedNode? node, Budget budget)
    {
        var defaults = new SchedulerSpec(SchedulerType.Asha, 3, 4);
        if (node is null || !nodes.IsObject(node, "type", "eta", "rungs"))
            return defaults;
        var name = node.Find("type") is { } type ? nodes.Name(type, SchedulerTypes.Names) : null;
        if (name is not null && SchedulerTypes.Find(name) == SchedulerType.FreezeThaw)
            defaults = new SchedulerSpec(SchedulerType.FreezeThaw, 2, 6);
        var eta = node.Find("eta") is { } e ? nodes.Whole(e, 2, MaxEta) : defaults.Eta;
        var rungs = node.Find("rungs") is { } r ? nodes.Whole(r, 1, MaxRungs) : defaults.Rungs;
        var schedulerType = name is null ? defaults.Type : SchedulerTypes.Find(name);
        var spec = new SchedulerSpec(schedulerType, (int)(eta ?? defaults.Eta), (int)(rungs ?? defaults.Rungs));
        var first = budget.Amount / Elementary.Pow(spec.Eta, spec.Rungs - 1);
        var least = IsCounted(budget.Kind) ? 1 : MinSeconds;
        if (spec.Type != SchedulerType.Random && first < least)
        {
            nodes.Problems.Add((node.Find("rungs") ?? node).Place, string.Create(CultureInfo.InvariantCulture,
                $"the first of {spec.Rungs} rungs would be {first:G3} of {budget.Amount} {NameOf(budget.Kind)}: "
                + $"expected at least {least}; lower rungs or eta, or raise the budget"));
        }
        return spec;
    }

    public SamplerSpec Sampler(LocatedNode? node)
    {
        var random = new SamplerSpec(SamplerType.Random);
        if (node is null || !nodes.IsObject(node, "type") || node.Find("type") is not { } type)
            return random;
        return nodes.Name(type, SamplerTypes.Names) is { } name ? new(SamplerTypes.Find(name)) : random;
    }

    public DisturbanceSpec Disturbance(LocatedNode? node)
    {
        var defaults = new DisturbanceSpec(DisturbancePolicy.Accept, 0.25);
        if (node is null || !nodes.IsObject(node, "policy", "share"))
            return defaults;
        var name = node.Find("policy") is { } policy ? nodes.Name(policy, DisturbancePolicies.Names) : null;
        var share = node.Find("share") is { } s ? nodes.Number(s, 0.05, 0.95) : null;
        return new(name is null ? defaults.Policy : DisturbancePolicies.Find(name), share ?? defaults.Share);
    }

    /// <summary>Null turns them off, so that an override can.</summary>
    public FinalistSpec? Finalists(LocatedNode? node)
    {
        if (node is null or { Kind: NodeKind.Null } || !nodes.IsObject(node, "count", "repeats"))
            return null;
        var count = node.Find("count") is { } c ? nodes.Whole(c, 1, MaxFinalists) : 2;
        var repeats = node.Find("repeats") is { } r ? nodes.Whole(r, 1, MaxFinalists) : 2;
        return count is { } many && repeats is { } often ? new((int)many, (int)often) : null;
    }

    public Retention Keep(LocatedNode? node) =>
        node is not null && nodes.Name(node, Retentions.Names) is { } name ? Retentions.Find(name) : Retention.Finalists;

    public TimeSpan? StopAfter(LocatedNode node)
    {
        if (!nodes.IsObject(node, "after") || nodes.Require(node, "after", "\"after\": \"2h\"") is not { } after)
            return null;
        if (nodes.Text(after, Durations.Expected) is not { } text)
            return null;
        if (Durations.Parse(text) is { } length)
            return length;
        nodes.Problems.Add(after.Place, $"expected {Durations.Expected}, at least a second, not {after}");
        return null;
    }

    private static bool IsCounted(BudgetKind kind) => kind is BudgetKind.Tokens or BudgetKind.Steps;
}
