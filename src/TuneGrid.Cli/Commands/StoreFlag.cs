using System.CommandLine;

namespace TuneGrid.Cli.Commands;

/// <summary>Where the ledger and the artifacts are, as the command line says; null falls back on the environment.</summary>
internal sealed record StoreChoice(string? Where, string? Artifacts);

/// <summary><c>--store</c> and <c>--artifacts</c>, which go together.</summary>
internal sealed class StoreFlag
{
    private readonly Option<string?> _where = new("--store")
    {
        Description = "The store: a folder, a .db file or a PostgreSQL connection string [default: $TUNEGRID_STORE, else ~/.tunegrid]", HelpName = "WHERE",
    };

    private readonly Option<string?> _artifacts = new("--artifacts")
    {
        Description = "A folder for checkpoints and models, shared by all silos of the store [default: the store's own place]", HelpName = "FOLDER",
    };

    public StoreFlag AddTo(Command command)
    {
        command.Add(_where);
        command.Add(_artifacts);
        return this;
    }

    public StoreChoice Read(ParseResult parsed) => new(parsed.GetValue(_where), parsed.GetValue(_artifacts));
}
