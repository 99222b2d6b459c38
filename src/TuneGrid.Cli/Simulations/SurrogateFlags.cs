using System.CommandLine;
using TuneGrid.Cli.Flags;
using TuneGrid.Simulation.Surrogates;

namespace TuneGrid.Cli.Simulations;

/// <summary>The options that only searches of a surrogate have.</summary>
internal sealed class SurrogateFlags
{
    private const int DefaultTrials = 200;

    private readonly Option<string?> _folder = new("--surrogate")
    {
        Description = "Search a surrogate of trainings without curves, in this folder, on one silo; --trials says how often [default: 200]",
        HelpName = "FOLDER",
    };

    private readonly Option<bool> _defaultFirst = new("--default-first")
    {
        Description = "With --surrogate: the known default is the first trial",
    };

    private readonly Option<bool> _noise = new("--noise")
    {
        Description = "With --surrogate: scores have the noise of one run; what counts is the mean of the trial that looked best",
    };

    private readonly Option<SurrogateUnit> _by = CommonOptions.Choice<SurrogateUnit>(
        "--by", "With --surrogate: look at the best after so many trials, or after what as many whole trainings take [default: trials]");

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_folder, _defaultFirst, _noise, _by])
            command.Options.Add(option);
    }

    public string? Folder(ParseResult parsed) => parsed.GetValue(_folder);

    public SurrogateOptions Read(ParseResult parsed, int? trials) => new(
        trials ?? DefaultTrials, parsed.GetValue(_by) == SurrogateUnit.Seconds, parsed.GetValue(_defaultFirst), parsed.GetValue(_noise));

    private enum SurrogateUnit { Trials, Seconds }
}
