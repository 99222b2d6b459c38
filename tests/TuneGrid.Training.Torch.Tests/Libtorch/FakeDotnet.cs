namespace TuneGrid.Training.Torch.Tests.Libtorch;

/// <summary>A home to install into, and a <c>dotnet</c> that is a shell script.</summary>
internal sealed class FakeDotnet : IDisposable
{
    /// <summary>What `dotnet restore` leaves of the package.</summary>
    public const string Unpacks = """
        package=packages/libtorch-cpu-linux-x64/2.10.0
        mkdir -p $package/runtimes/linux-x64/native
        echo code > $package/runtimes/linux-x64/native/libtorch_cpu.so
        echo terms > $package/LICENSE-LIBTORCH.txt
        """;

    private readonly string _root = Directory.CreateTempSubdirectory("tunegrid-libtorch-").FullName;

    public FakeDotnet(string script)
    {
        Directory.CreateDirectory(Home);
        File.WriteAllText(Program, $"#!/bin/sh\necho \"$@\" >> '{Calls}'\n{script}\n");
        File.SetUnixFileMode(Program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public string Home => Path.Combine(_root, "home");

    /// <summary>The arguments of each call, a line each.</summary>
    public string Calls => Path.Combine(_root, "calls");

    public string Program => Path.Combine(_root, "dotnet");

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
