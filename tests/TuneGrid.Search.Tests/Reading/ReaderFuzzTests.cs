using System.Text;
using TuneGrid.Search.Randomness;
using TuneGrid.Search.Reading;
using TuneGrid.Search.Space;

namespace TuneGrid.Search.Tests.Reading;

/// <summary>Hostile input: whatever stands in the file, reading ends with a space or with problems.</summary>
public class ReaderFuzzTests
{
    private static readonly string[] Fragments =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\ud800", "\\u0000", "\uFEFF", "\0", "null", "true", "-0",
        "1e999", "-1e-999", "1e308", "9007199254740993", "99999999999999999999999999", "NaN", "Infinity", "//", "/*",
        "\"when\":{\"width\":1}", "\"step\":0", "\"scale\":\"log\"", "((((", "**", "%0", "'", "\uD800", "é", "\r\n",
    ];

    [Fact]
    public void Mutated_files_never_crash_the_reader() => ReadMutations(4000);

    [Fact]
    [Trait("Category", "Slow")]
    public void A_hundred_thousand_mutated_files_never_crash_the_reader() => ReadMutations(100_000);

    private static void ReadMutations(int count)
    {
        var valid = SpaceFiles.Names.Select(SpaceFiles.Text).Append(SpaceFiles.Small).ToArray();
        var refused = 0;
        for (var i = 0; i < count; i++)
        {
            var text = Mutate(valid[i % valid.Length], (ulong)i);
            var reading = Read(text, $"seed {i}");
            Assert.True(reading.Space is null == reading.Problems.Count > 0, $"seed {i}");
            refused += reading.Problems.Count > 0 ? 1 : 0;
        }
        Assert.InRange(refused, count * 3 / 4, count - 1);
    }

    [Theory]
    [InlineData('[', 100_000)]
    [InlineData('{', 100_000)]
    [InlineData('1', 500_000)]
    [InlineData('"', 100_000)]
    [InlineData('\uD800', 100_000)]
    [InlineData('\n', 2_000_000)]
    public void Endless_repetition_is_refused(char character, int count) =>
        Assert.NotEmpty(Read(new string(character, count), "repetition").Problems);

    [Fact]
    public void Deep_and_long_values_are_refused_where_a_field_is_expected()
    {
        Assert.NotEmpty(Read($"{{ \"trials\": {new string('9', 100_000)}, {SpaceFiles.Small[1..]}", "digits").Problems);
        Assert.NotEmpty(Read($"{{ \"name\": \"{new string('x', 100_000)}\", {SpaceFiles.Small[1..]}", "text").Problems);
        var sum = string.Join(" + ", Enumerable.Repeat("1", 50_000));
        Assert.NotEmpty(Read($"{{ \"constraints\": [\"{sum} > 0\"], {SpaceFiles.Small[1..]}", "sum").Problems);
    }

    [Fact]
    public void Mutated_overrides_never_crash_the_reader()
    {
        string[] valid =
        [
            "budget.seconds=60", "parameters.width.max=128", "constraints.0=depth < 3", "fixed={\"tied\":true}",
            "parameters.batch_size.values=[1,2]",
        ];
        for (var i = 0; i < 2000; i++)
        {
            var text = Mutate(valid[i % valid.Length], (ulong)i);
            var reading = SearchSpaceReader.Read(SpaceFiles.Text("gpt.json"), "f.json", FakeCatalog.Instance, [text, "trials=3"]);
            Assert.True(reading.Space is null == reading.Problems.Count > 0, text);
        }
    }

    private static SpaceReading Read(string text, string what)
    {
        var reading = SearchSpaceReader.Read(text, "f.json", FakeCatalog.Instance, []);
        Assert.All(reading.Problems, p => Assert.True(p.Line > 0 && p.Column > 0 && p.ToString().Length < 100_000, what));
        return reading;
    }

    /// <summary>One to four cuts, flips, repeats or splinters at random places.</summary>
    private static string Mutate(string text, ulong seed)
    {
        var next = 0ul;
        int Draw(int below) => (int)(CounterRandom.Uniform(seed, 4711, next++) * below);
        var result = new StringBuilder(text);
        for (var left = 1 + Draw(4); left > 0; left--)
        {
            var at = Draw(result.Length + 1);
            switch (Draw(4))
            {
                case 0:
                    result.Remove(at, Math.Min(result.Length - at, 1 + Draw(8)));
                    break;
                case 1 when at < result.Length:
                    result[at] = (char)(result[at] ^ (1 << Draw(7)));
                    break;
                case 2:
                    result.Insert(at, result.ToString(at, Math.Min(result.Length - at, Draw(60))));
                    break;
                default:
                    result.Insert(at, Fragments[Draw(Fragments.Length)]);
                    break;
            }
        }
        return result.ToString();
    }
}
