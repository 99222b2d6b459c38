namespace TuneGrid.EndToEnd.Tests.Architecture;

/// <summary>Files that fit a screen's width and a person's patience.</summary>
public class LineLengthTests
{
    private const int MaxCharacters = 140;
    private const int MaxLines = 400;

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    public void Lines_and_files_are_short(string folder)
    {
        var files = SourceFiles.Under(folder).ToList();
        var tooLong = files.SelectMany(Problems).ToList();

        Assert.NotEmpty(files);
        Assert.True(tooLong.Count == 0, string.Join('\n', tooLong));
    }

    private static IEnumerable<string> Problems(string file)
    {
        var lines = SourceFiles.Read(file).ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        if (lines.Length > MaxLines)
            yield return $"{file}: {lines.Length} lines, at most {MaxLines}: split it";
        foreach (var (index, line) in lines.Index().Where(l => l.Item.Length > MaxCharacters))
            yield return $"{file}:{index + 1}: {line.Length} characters, at most {MaxCharacters}: wrap it";
    }
}
