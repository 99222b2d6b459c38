using System.CommandLine;
using TuneGrid.Cli.Context;

namespace TuneGrid.Cli.Flags;

/// <summary><c>--store</c> and <c>--artifacts</c>, which go together.</summary>
internal sealed class StoreFlag
{
    private readonly Option<string?> _where = new("--store")
    {
        Description = "The store: a folder, a .db file or a PostgreSQL connection string [default: $TUNEGRID_STORE, else ~/.tunegrid]",
        HelpName = "WHERE",
    };

    private readonly Option<string?> _artifacts = new("--artifacts")
    {
        Description = "A folder for checkpoints and models, shared by all silos of the store [default: the store's own place]",
        HelpName = "FOLDER",
    };

    public StoreFlag AddTo(Command command)
    {
        command.Add(_where);
        command.Add(_artifacts);
        return this;
    }

    public StoreChoice Read(ParseResult parsed) => new(parsed.GetValue(_where), parsed.GetValue(_artifacts));
}
