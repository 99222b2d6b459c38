using System.Text.Json.Nodes;
using TuneGrid.Cli.Terminal;

namespace TuneGrid.Cli.Tests.Terminal;

/// <summary>What came from outside reaches a terminal as text alone.</summary>
public sealed class PrintableTests
{
    private const string Hostile = "a\u001b[2Jb\u009b31mc\u0007d\re\u202Ef\u2066g\u007fh\u0085i\u2028j";

    [Fact]
    public void Control_characters_become_pictures_and_lines_tabs_and_letters_stay() =>
        Assert.Equal(
            "␛[31m\t\u2421 �\u240Dé 水 😀\n\r\n", Printable.Of("\u001b[31m\t\u007f \u202e\ré 水 😀\n\r\n"));

    [Fact]
    public void A_name_with_a_line_feed_writes_no_line_of_its_own() =>
        Assert.Equal("silo 12:00:00  all is well", Printable.Line("silo\n12:00:00  all is well"));

    [Fact]
    public void Every_writer_of_a_console_but_the_screen_makes_text_printable()
    {
        using var interrupts = new Interrupts();
        var (output, error) = (new StringWriter(), new StringWriter());
        var console = new CliConsole(TextReader.Null, output, error, true, interrupts);

        foreach (var writer in new[] { console.Out, console.Word, console.Error })
        {
            writer.Write(Hostile);
            writer.WriteLine($"{Hostile}");
            writer.WriteLine(new InvalidOperationException(Hostile));
            writer.Write('\u001b');
            writer.Write(Hostile.AsSpan());
            writer.WriteLine(Hostile.ToCharArray());
            writer.WriteLine("{0} {1}", Hostile, 1);
        }

        Assert.DoesNotContain(output.ToString() + error, c => c is '\u001b' or '\u009b' or '\u0007' or '\u202e' or '\u2066' or '\r');
        console.Redraw(Hostile);
        Assert.EndsWith("\ra␛[2Jb�31mc␇d e�f�g␡h i j\u001b[K", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Json_escapes_what_a_terminal_would_obey_and_loses_nothing()
    {
        var json = Json.Text(new JsonObject { [Hostile] = Hostile });

        Assert.True(Printable.IsSafe(json));
        Assert.Equal(Hostile, (string?)JsonNode.Parse(json)![Hostile]);
    }
}
