namespace TuneGrid.Cli.Output;

internal enum OutputFormat { Table, Json }
