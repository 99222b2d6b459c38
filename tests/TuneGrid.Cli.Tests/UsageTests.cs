using System.Runtime.InteropServices;
using TuneGrid.Cli.Terminal;
using TuneGrid.Testing;
using TuneGrid.Testing.Commands;

namespace TuneGrid.Cli.Tests;

/// <summary>What a person sees who types something wrong: one line that helps, exit code 2, never a stack trace.</summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData("serch", "unknown command 'serch'. Did you mean 'search'?")]
    [InlineData("train --widht 3", "unknown option '--widht'. Did you mean '--width'?")]
    [InlineData("train --width many", "width must be a whole number, not \"many\"")]
    [InlineData("train --width 1e9", "width must lie in")]
    [InlineData("train --output xml", "--output is 'xml'; expected table or json")]
    [InlineData("train --trace stdout", "--trace is 'stdout'; expected off or lines or console or otlp")]
    [InlineData("train --trace-sql", "--trace-sql needs --trace lines, console or otlp")]
    [InlineData("start-silo --trace-orleans", "--trace-orleans needs --trace lines, console or otlp")]
    [InlineData("train --output 1", "--output is '1'; expected table or json")]
    [InlineData("train --set widt=64", "there is no training option 'widt'. Did you mean 'width'?")]
    [InlineData("train --set width", "--set is 'width'; expected KEY=VALUE")]
    [InlineData("train --budget 5x", "--budget is '5x'; expected seconds (300)")]
    [InlineData("train --budget -5", "--budget is '-5'")]
    [InlineData("train --threads 0", "--threads is '0'; expected a whole number from 1")]
    [InlineData("train --seed -1", "--seed is '-1'; expected a whole number from 0")]
    [InlineData("train --width 100 --set heads=7", "width 100 is not divisible by 7 heads")]
    [InlineData("train --eval-text nowhere.txt", "there is no file 'nowhere.txt'")]
    [InlineData("search", "needs <file>")]
    [InlineData("search nowhere.json", "there is no file 'nowhere.json'")]
    [InlineData("validate nowhere.json", "there is no file 'nowhere.json'")]
    [InlineData("sample nowhere.safetensors", "there is no model file 'nowhere.safetensors'")]
    [InlineData("sample --temperature -1", "--temperature is '-1'; expected a number from 0")]
    [InlineData("corpus", "needs one of: add")]
    [InlineData("corpus fetch wikipedia", "'wikipedia' can't be fetched")]
    [InlineData("corpus fetch tinystories --url ftp://x", "--url is 'ftp://x'; expected an http")]
    [InlineData("export --format onnx --out x", "--format is 'onnx'; expected safetensors or llama2c or gguf")]
    [InlineData("show one two", "unknown argument 'two'")]
    [InlineData("train --device cuda", "--device cuda needs --backend torch")]
    [InlineData("train --backend torch --device mps", "tunegrid: --backend torch")]
    [InlineData("train --backend jax", "--backend is 'jax'; expected native or torch")]
    [InlineData("start-silo --device tpu", "--device is 'tpu'; expected cpu or cuda or mps")]
    [InlineData("start-silo --memory-limit lots", "--memory-limit is 'lots'; expected a size such as")]
    public async Task Wrong_input_is_one_line_and_exit_code_2(string line, string expected)
    {
        using var shell = new Shell();

        var answer = await shell.RunAsync(line.Split(' '));

        Assert.True(answer.Code == ExitCodes.BadInput, answer.ToString());
        Assert.Contains(expected, answer.Error);
        Assert.Single(answer.Error.TrimEnd().Split('\n'));
        Assert.Empty(answer.Out);
    }

    [Theory]
    [InlineData("studies --store postgresql//me:s3cret@db")]
    [InlineData("doctor --store postgres:/me:s3cret@db")]
    [InlineData("search x.json --artifacts s3://me:s3cret@bucket")]
    [InlineData("store init --store Server=db;Pasword=s3cret")]
    [InlineData("studies postgresql://me:s3cret@db")]
    [InlineData("studies --stroe=Host=db;Password=s3cret")]
    [InlineData("show postgresql//me:s3cret@db --store Host=;Password=s3cret")]
    [InlineData("corpus fetch tinystories --url ftp://me:s3cret@host")]
    [InlineData("corpus fetch tinystories --url htp//me:s3cret@host?token=s3cret")]
    public async Task A_misspelt_address_never_shows_its_password_and_makes_no_folder(string line)
    {
        using var shell = new Shell();
        shell.Variables["TUNEGRID_DEBUG"] = "1";
        var space = shell.File("x.json", await File.ReadAllTextAsync(Path.Combine(Repository.Root, "search-spaces", "quick.json")));

        var answer = await shell.RunAsync(line.Replace("x.json", space, StringComparison.Ordinal).Split(' '));

        Assert.True(answer.Code == ExitCodes.BadInput, answer.ToString());
        Assert.DoesNotContain("s3cret", answer.ToString(), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Environment.CurrentDirectory, "*s3cret*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData(PosixSignal.SIGTERM, 0)]
    [InlineData(PosixSignal.SIGINT, 130)]
    public async Task A_silo_that_is_stopped_before_it_has_begun_ends_as_one_that_works(PosixSignal signal, int expected)
    {
        using var shell = new Shell();
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = shell.Interrupts.Stop.Register(stopped.SetResult);
        shell.Interrupts.Request(signal);
        await stopped.Task;

        var answer = await shell.RunAsync("start-silo", "--threads", "1");

        Assert.True(answer.Code == expected, answer.ToString());
    }

    [Fact]
    public async Task No_command_prints_the_help()
    {
        using var shell = new Shell();

        var answer = await shell.RunAsync();

        Assert.Equal(ExitCodes.Fine, answer.Code);
        Assert.Contains("search <file>", answer.Out);
    }

    [Fact]
    public async Task Every_command_has_help_with_a_description_of_each_option()
    {
        using var shell = new Shell();
        var console = new CliConsole(TextReader.Null, TextWriter.Null, TextWriter.Null, false, shell.Interrupts);
        foreach (var command in CommandLine.Build(console).Subcommands)
        {
            var answer = await shell.RunAsync(command.Name, "--help");

            Assert.True(answer.Code == ExitCodes.Fine, answer.ToString());
            Assert.All(command.Options, o => Assert.False(string.IsNullOrEmpty(o.Description), $"{command.Name} {o.Name}"));
        }
    }

    [Fact]
    public async Task Set_help_lists_every_training_option()
    {
        using var shell = new Shell();

        var answer = await shell.RunAsync("train", "--set", "help");

        Assert.Equal(ExitCodes.Fine, answer.Code);
        Assert.All(Training.Model.OptionCatalog.All, o => Assert.Contains(o.Name, answer.Out));
    }
}
