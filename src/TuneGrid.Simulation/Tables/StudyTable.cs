using System.Globalization;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Studies;
using TuneGrid.Coordination.Trials;
using TuneGrid.Search.Scheduling;
using TuneGrid.Search.Space;

namespace TuneGrid.Simulation.Tables;

/// <summary>
/// Writes what a study recorded as a table of learning curves that <see cref="TableText"/> reads: <c>config</c>, the searched parameters,
/// <c>repeat</c>, <c>epoch</c> (what was spent, in the unit of the study's budget), <c>time_s</c> (training seconds) and
/// <c>val_cross_entropy</c> (bits per byte; nan where the trial failed for its configuration). A choice between texts is its index, a
/// boolean 0 or 1, a parameter that did not exist its default.
/// </summary>
public static class StudyTable
{
    /// <summary>Writes the trials of one hardware class. Returns how many configurations the table has.</summary>
    /// <param name="catalog">The defaults of parameters that a trial lacks.</param>
    public static int Write(StudyState state, HardwareClass hardware, IParameterCatalog catalog, TextWriter text)
    {
        var parameters = state.Space.Parameters;
        text.Write($"config,{string.Join(',', parameters.Select(p => p.Name))},repeat,epoch,time_s,val_cross_entropy\n");
        var configurations = state.Trials.Where(t => t.Class == hardware).GroupBy(t => First(state, t)).OrderBy(g => g.Key)
            .Select(g => g.Select(t => (Trial: t, Points: Points(t))).Where(t => t.Points.Count > 0).ToList())
            .Where(g => g.Count > 0).ToList();
        for (var config = 0; config < configurations.Count; config++)
        {
            for (var repeat = 0; repeat < configurations[config].Count; repeat++)
            {
                var (trial, points) = configurations[config][repeat];
                var values = string.Join(',', parameters.Select(p => Text(Number(p, trial.Configuration, catalog))));
                foreach (var point in points)
                    text.Write($"{Text(config)},{values},{Text(repeat)},{Text(point.Amount)},{Text(point.Seconds)},{Score(point)}\n");
            }
        }
        return configurations.Count;
    }

    /// <summary>The trial that it repeats, or itself.</summary>
    private static TrialId First(StudyState state, Trial trial)
    {
        while (trial.RepeatOf is { } earlier)
            trial = state.Trial(earlier);
        return trial.Id;
    }

    private static List<TablePoint> Points(Trial trial)
    {
        var points = new List<TablePoint>();
        for (var rung = 0; rung < trial.Rungs.Count && trial.Rungs[rung] is { } result; rung++)
        {
            var (from, to) = (points.Count > 0 ? points[^1] : default, trial.Bracket.Rungs[rung]);
            foreach (var point in result.Curve ?? [])
            {
                // Its own second was not noted: trainings go on evenly.
                var seconds = from.Seconds + ((result.TrainingSeconds - from.Seconds) * (point.Amount - from.Amount) / (to - from.Amount));
                if (point.Amount < to && point.Amount > (points.Count > 0 ? points[^1].Amount : 0))
                    points.Add(new(point.Amount, seconds, point.Score));
            }
            points.Add(new(to, Math.Max(result.TrainingSeconds, points.Count > 0 ? points[^1].Seconds : 0), result.BitsPerByte));
        }
        if (Failure(trial, points) is { } failure)
            points.Add(failure);
        return points;
    }

    /// <summary>Where the configuration itself is to blame. What silos and people ended is only given up.</summary>
    private static TablePoint? Failure(Trial trial, List<TablePoint> points)
    {
        var reached = trial.Rungs.Count(r => r is not null);
        if (reached == trial.Rungs.Count
            || trial.Phase is not TrialPhase.Failed { Kind: not (FailureKind.Crashed or FailureKind.Cancelled) })
        {
            return null;
        }
        var seconds = trial.Segments is [.., { End: SegmentEnd.Failed, EndedAt: { } end } last] ? (end - last.StartedAt).TotalSeconds : 0;
        return new(trial.Bracket.Rungs[reached], (points.Count > 0 ? points[^1].Seconds : 0) + Math.Max(0, seconds), double.NaN);
    }

    private static double Number(Parameter parameter, Configuration configuration, IParameterCatalog catalog)
    {
        var value = configuration.TryGetValue(parameter.Name, out var own) ? own
            : catalog.Parameters.First(p => p.Name == parameter.Name).Default;
        return value.Kind == ValueKind.Text ? Math.Max(0, ((ChoiceParameter)parameter).Values.IndexOf(value)) : value.Number;
    }

    private static string Score(TablePoint point) => double.IsNaN(point.Score) ? "nan" : Text(point.Score);

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}
