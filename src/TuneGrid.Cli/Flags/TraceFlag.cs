using System.CommandLine;
using TuneGrid.Cli.Telemetry;

namespace TuneGrid.Cli.Flags;

/// <summary><c>--trace</c>, and what it may trace besides: <c>--trace-sql</c> and <c>--trace-orleans</c>.</summary>
internal sealed class TraceFlag
{
    private readonly Option<TraceMode> _mode = CommonOptions.Choice<TraceMode>(
        "--trace", "Where spans go: lines (one per span) and console (one per field) are stderr, otlp honours OTEL_* [default: off]");

    private readonly Option<bool> _sql;
    private readonly Option<bool> _orleans;

    public TraceFlag()
    {
        _sql = Besides("--trace-sql", "the statements sent to a PostgreSQL store");
        _orleans = Besides("--trace-orleans", "all that Orleans itself traces");
    }

    public TraceFlag AddTo(Command command)
    {
        command.Add(_mode);
        command.Add(_sql);
        command.Add(_orleans);
        return this;
    }

    public TracingOptions Read(ParseResult parsed) => new(parsed.GetValue(_mode), parsed.GetValue(_sql), parsed.GetValue(_orleans));

    private Option<bool> Besides(string name, string what)
    {
        var option = new Option<bool>(name) { Description = $"With --trace: {what} too" };
        option.Validators.Add(result =>
        {
            if (!result.Implicit && result.GetResult(_mode) is null or { Implicit: true })
                result.AddError($"{name} needs --trace lines, console or otlp, which says where the spans go");
        });
        return option;
    }
}
