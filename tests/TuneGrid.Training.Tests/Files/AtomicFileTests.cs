using System.Diagnostics;
using TuneGrid.Training.Files;

namespace TuneGrid.Training.Tests.Files;

public sealed class AtomicFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tunegrid-files-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_device_is_written_to_and_stays_one()
    {
        if (OperatingSystem.IsWindows())
            return;
        Assert.Equal(FileKind.Special, FileKinds.Of("/dev/null"));
        AtomicFile.Write("/dev/null", stream => stream.Write(new byte[100]));
        Assert.Equal(FileKind.Special, FileKinds.Of("/dev/null"));
        var link = In("link");
        File.CreateSymbolicLink(link, "/dev/null");
        AtomicFile.Write(link, stream => stream.Write(new byte[100]));
        Assert.Equal("/dev/null", new FileInfo(link).LinkTarget);
    }

    [Fact]
    public async Task A_pipe_is_written_to_and_stays_one()
    {
        if (OperatingSystem.IsWindows())
            return;
        var pipe = In("pipe");
        Process.Start("mkfifo", pipe).WaitForExit();
        var read = Task.Run(() => File.ReadAllBytes(pipe));
        AtomicFile.Write(pipe, stream => stream.Write([1, 2, 3]));
        Assert.Equal([1, 2, 3], await read);
        Assert.Equal(FileKind.Special, FileKinds.Of(pipe));
    }

    [Fact]
    public void What_a_link_leads_to_is_replaced_and_the_link_kept()
    {
        Directory.CreateDirectory(In("far"));
        File.WriteAllText(In("far/file"), "old");
        File.CreateSymbolicLink(In("first"), In("second"));
        File.CreateSymbolicLink(In("second"), "far/file");
        File.CreateSymbolicLink(In("dangling"), "far/new");
        AtomicFile.Write(In("first"), stream => stream.Write("new"u8));
        AtomicFile.Write(In("dangling"), stream => stream.Write("made"u8));
        Assert.Equal(("new", "made"), (File.ReadAllText(In("far/file")), File.ReadAllText(In("far/new"))));
        Assert.Equal(
            (In("second"), "far/file", "far/new"),
            (new FileInfo(In("first")).LinkTarget, new FileInfo(In("second")).LinkTarget, new FileInfo(In("dangling")).LinkTarget));
        Assert.Equal(2, Directory.GetFiles(In("far")).Length);
    }

    [Fact]
    public void A_write_that_fails_leaves_what_was_there_and_nothing_beside_it()
    {
        File.WriteAllText(In("file"), "old");
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(In("file"), _ => throw new InvalidOperationException()));
        Assert.Equal("old", File.ReadAllText(Assert.Single(Directory.GetFiles(_folder))));
    }

    [Fact]
    public void Every_kind_of_file_is_told_apart()
    {
        File.WriteAllText(In("file"), "");
        Assert.Equal(FileKind.Regular, FileKinds.Of(In("file")));
        Assert.Equal(FileKind.Folder, FileKinds.Of(_folder));
        Assert.Equal(FileKind.Missing, FileKinds.Of(In("none")));
        Assert.Equal(FileKind.Missing, FileKinds.Of(In("file/none")));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(FileKind.Special, FileKinds.Of("/dev/zero"));
    }

    private string In(string name) => Path.Combine(_folder, name);
}
