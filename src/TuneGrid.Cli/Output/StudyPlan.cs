using System.Globalization;
using System.Text.Json.Nodes;
using TuneGrid.Cli.Terminal;
using TuneGrid.Search.Analysis;
using TuneGrid.Search.Reading;
using TuneGrid.Search.Sampling;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;
using TuneGrid.Silo.Segments;

namespace TuneGrid.Cli.Output;

/// <summary>What a search will take, before it starts.</summary>
/// <param name="infeasible">The share of the space that can't be trained here.</param>
internal sealed class StudyPlan(SearchSpace space, HalvingPlan plan, double infeasible)
{
    // With a line for each of many rungs nobody would read the rest.
    private const int MostRungs = 5;

    /// <param name="noise">Of this machine's class; null where no earlier study measured it.</param>
    /// <param name="memoryLimitBytes">What a trial may take here; 0 if nothing limits it.</param>
    public static StudyPlan Of(SearchSpace space, NoiseModel? noise, int threads, long memoryLimitBytes)
    {
        var infeasible = InfeasibleShare.Of(space, TrainingParameterCatalog.Instance, Fits);
        return new(space, HalvingPlan.Of(space, noise), infeasible);

        bool Fits(Configuration configuration) =>
            memoryLimitBytes <= 0 || TrainingParameterCatalog.MemoryBytes(configuration, threads) <= memoryLimitBytes;
    }

    /// <summary>A few short lines for people.</summary>
    public IEnumerable<string> Lines()
    {
        if (Schedulers.Explain(space) is { } scheduler)
            yield return $"scheduler auto: {scheduler.Why}";
        if (Samplers.Explain(space) is { } sampler)
            yield return $"sampler auto: {sampler.Why}";
        var most = plan.IsBound ? "at most " : "";
        yield return $"plan: {Trials(plan.Trials)}, {most}{Amount(plan.Spent)} of training in all, for one silo{Limit()}";
        foreach (var (index, rung) in plan.Rungs.Index().TakeLast(MostRungs))
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"  rung {index + 1} at {Amount(rung.Amount)}: {most}{Trials(rung.Trials)}, {Amount(rung.Spent)}{Survival(rung, index)}");
        }
        if (plan.Finalists > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"  then {Finalists()} again, {Times()}: {Amount(plan.RepeatsSpent)}");
        }
        if (plan.Rungs[0].Survival is null)
            yield return "  the chance that the best survives is unknown: no earlier study here repeated its finalists";
        yield return string.Create(CultureInfo.InvariantCulture, $"  {infeasible:0.#%} of the space can't be trained on this machine");
    }

    public JsonObject ToJson() => new()
    {
        ["trials"] = plan.Trials,
        ["sampler"] = Samplers.Explain(space)?.Name ?? TypeNames.NameOf(space.Sampler.Type),
        ["scheduler"] = Schedulers.Explain(space)?.Name ?? TypeNames.NameOf(space.Scheduler.Type),
        ["unit"] = space.Budget.Kind.ToString().ToLowerInvariant(),
        ["rungs"] = Json.Array(plan.Rungs.Select(r => new JsonObject
        {
            ["amount"] = Json.Number(r.Amount), ["trials"] = r.Trials, ["total"] = Json.Number(r.Spent), ["seconds"] = Seconds(r.Spent),
            ["survival"] = Json.Number(r.Survival),
        })),
        ["finalists"] = plan.Finalists == 0 ? null : new JsonObject
        {
            ["count"] = plan.Finalists, ["repeats"] = plan.Repeats, ["total"] = Json.Number(plan.RepeatsSpent),
            ["seconds"] = Seconds(plan.RepeatsSpent),
        },
        ["control_seconds"] = Seconds(plan.ControlSpent),
        ["total"] = Json.Number(plan.Spent),
        ["seconds_total"] = Seconds(plan.Spent),
        ["stop_after_seconds"] = space.StopAfter?.TotalSeconds,
        ["is_upper_bound"] = plan.IsBound,
        ["infeasible_share"] = Json.Number(infeasible),
    };

    private static string Trials(int count) => count == 1 ? "1 trial" : string.Create(CultureInfo.InvariantCulture, $"{count} trials");

    private string Finalists() => (plan.Finalists, space.Control) switch
    {
        (1, _) => "the best runs",
        (var many, true) => string.Create(CultureInfo.InvariantCulture, $"the best and the control, {many} in all, run"),
        var (many, _) => string.Create(CultureInfo.InvariantCulture, $"the best {many} run"),
    };

    private string Limit() => space.StopAfter is { } length ? $"; it ends after {Durations.Text(length)}, whatever is left" : "";

    private string Times() => plan.Repeats == 1 ? "once each" : string.Create(CultureInfo.InvariantCulture, $"{plan.Repeats} times each");

    private string Amount(double amount) => Text.Amount(amount, space.Budget.Kind);

    private JsonNode? Seconds(double amount) => space.Budget.Kind == BudgetKind.Seconds ? Json.Number(amount) : null;

    private string Survival(RungPlan rung, int index) => rung.Survival is { } chance
        ? $"; the best {(index + 1 == plan.Rungs.Count ? "is named" : "survives")} with {Text.Percent(chance)}"
        : "";
}
