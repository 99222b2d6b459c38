namespace TuneGrid.Cli.Terminal;

internal enum OutputFormat { Table, Json }
