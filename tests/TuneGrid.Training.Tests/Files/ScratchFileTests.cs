using TuneGrid.Training.Files;

namespace TuneGrid.Training.Tests.Files;

public sealed class ScratchFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tunegrid-scratch-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Nobody_gets_the_same_name_twice() =>
        Assert.Equal(1000, Enumerable.Range(0, 1000).Select(_ => ScratchFile.Beside("checkpoint")).Distinct().Count());

    [Fact]
    public void Only_old_leftovers_that_nobody_holds_are_swept()
    {
        var (old, held, young) = (Make("checkpoint", days: 2), Make("checkpoint", days: 2), Make("checkpoint", days: 0));
        var folder = ScratchFile.Beside(Path.Combine(_folder, ".tales"));
        Directory.CreateDirectory(folder);
        Directory.SetLastWriteTimeUtc(folder, DateTime.UtcNow.AddDays(-2));
        string[] names = ["notes.tmp", "1-notes.safetensors", "x.0123.tmp", "train.tokens", "-model.safetensors"];
        var others = names.Select(Aged).ToArray();
        var former = Aged("17-checkpoint.safetensors");
        using (new FileStream(held, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
            ScratchFile.Sweep(_folder);
        Assert.False(File.Exists(old) || Directory.Exists(folder) || File.Exists(former));
        Assert.All([.. others, held, young], file => Assert.True(File.Exists(file), file));
    }

    [Fact]
    public void Nothing_behind_a_link_is_swept()
    {
        var old = Make("checkpoint", days: 2);
        using var elsewhere = new Elsewhere(_folder);
        ScratchFile.Sweep(elsewhere.Link);
        Assert.True(File.Exists(old));
    }

    private string Make(string name, int days)
    {
        var path = ScratchFile.Beside(Path.Combine(_folder, name));
        File.WriteAllText(path, "x");
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddDays(-days));
        return path;
    }

    private string Aged(string name)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, "x");
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddDays(-2));
        return path;
    }

    private sealed class Elsewhere : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("tunegrid-elsewhere-").FullName;

        public Elsewhere(string target) => Directory.CreateSymbolicLink(Link, target);

        public string Link => Path.Combine(_folder, "link");

        public void Dispose() => Directory.Delete(_folder, recursive: true);
    }
}
