using TuneGrid.Cli.Terminal;
using TuneGrid.Testing.Commands;
using TuneGrid.Training.Torch.Libtorch;

namespace TuneGrid.Training.Torch.Tests;

/// <summary>The backend as a person meets it.</summary>
public sealed class CommandLineTests
{
    private const string Tiny =
        "--corpus small --width 16 --depth 1 --batch-size 2 --threads 1 --set context=16 --set vocabulary=300 "
        + "--budget 4steps --output json";

    [TorchFact]
    public async Task Train_has_the_backend_in_its_class_and_its_model_tells_a_story()
    {
        using var shell = Here();
        await shell.AddSmallCorpusAsync();

        var torch = await shell.RunAsync([.. "train --backend torch --device cpu".Split(' '), .. Tiny.Split(' ')]);
        var native = await shell.RunAsync(["train", .. Tiny.Split(' ')]);

        Assert.True(torch.Code == ExitCodes.Fine, torch.ToString());
        Assert.Contains("/torch-cpu-", torch.Json["hardware_class"]!.GetValue<string>());
        Assert.NotEqual(native.Json["hardware_class"]!.GetValue<string>(), torch.Json["hardware_class"]!.GetValue<string>());
        Assert.Equal(native.Json["bits_per_byte"]!.GetValue<double>(), torch.Json["bits_per_byte"]!.GetValue<double>(), 0.02);
        var story = await shell.RunAsync("sample", torch.Json["model"]!.GetValue<string>(), "--prompt", "Once", "--tokens", "8");
        Assert.True(story.Code == ExitCodes.Fine, story.ToString());
    }

    [TorchFact]
    public async Task Search_finds_a_champion_of_the_backends_own_class()
    {
        using var shell = Here();
        await shell.AddSmallCorpusAsync();
        var space = shell.File("space.json", """
            { "name": "torchy", "corpus": "small", "objective": { "metric": "bits_per_byte", "goal": "minimize" }, "budget": { "steps": 9 },
              "scheduler": { "type": "asha", "eta": 3, "rungs": 2 }, "sampler": { "type": "random" }, "trials": 3, "seed": 0,
              "parameters": { "width": { "type": "int", "min": 16, "max": 32, "step": 16 } },
              "fixed": { "depth": 1, "heads": 1, "context": 16, "vocabulary": 300, "batch_size": 2 } }
            """);

        var answer = await shell.RunAsync("search", space, "--backend", "torch", "--threads", "1", "--output", "json");

        Assert.True(answer.Code == ExitCodes.Fine, answer.ToString());
        Assert.Contains("torch-cpu-", answer.Out, StringComparison.Ordinal);
    }

    [TorchFact]
    public async Task A_silo_lends_the_backend_to_every_study()
    {
        using var shell = Here();

        var answer = await shell.RunAsync("start-silo", "--backend", "torch", "--threads", "1", "--idle-exit", "0");

        Assert.True(answer.Code == ExitCodes.Fine, answer.ToString());
        Assert.Matches("silo of class .*/torch-cpu-", answer.Error);
    }

    [TorchFact]
    public async Task Doctor_shows_version_and_devices()
    {
        using var shell = Here();

        var backends = (await shell.RunAsync("doctor", "--output", "json")).Json["backends"]!;

        Assert.Matches(@"^yes: libtorch 2\.10\.0 with TorchSharp 0\.107\.0, in .", backends["torch"]!.GetValue<string>());
        Assert.Equal("yes", backends["torch cpu"]!.GetValue<string>());
        Assert.NotNull(backends["torch mps"]);
        if (!Engine.Libtorch.Has("torch_cuda") && !OperatingSystem.IsMacOS())
            Assert.Contains("set TUNEGRID_LIBTORCH to a folder with libtorch 2.10.0 for CUDA",
                backends["torch cuda"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train --backend torch --budget 1steps")]
    [InlineData("start-silo --backend torch --idle-exit 0")]
    public async Task Without_libtorch_one_line_says_what_to_do(string command)
    {
        using var shell = new Shell();

        var answer = await shell.RunAsync(command.Split(' '));

        Assert.Equal(ExitCodes.BadInput, answer.Code);
        const string WhatToDo =
            "libtorch is not installed: run 'tunegrid torch install'|.* too old .*--backend native|there is no libtorch .*";
        Assert.Matches($"^tunegrid: --backend torch: ({WhatToDo})\n$", answer.Error);
        var doctor = (await shell.RunAsync("doctor", "--output", "json")).Json["backends"]!;
        Assert.StartsWith("no: ", doctor["torch"]!.GetValue<string>(), StringComparison.Ordinal);
        if (!OperatingSystem.IsMacOS())
            Assert.Contains("TUNEGRID_LIBTORCH", doctor["torch cuda"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_folder_is_one_line()
    {
        using var shell = new Shell();
        shell.Variables[LibtorchFolder.Variable] = shell.Home;

        var answer = await shell.RunAsync("train", "--backend", "torch", "--budget", "1steps");

        Assert.Equal(ExitCodes.BadInput, answer.Code);
        Assert.Matches("^tunegrid: --backend torch: TUNEGRID_LIBTORCH=[^\n]*: name the folder of libtorch 2.10 as unpacked, or unset it\n$",
            answer.Error);
    }

    [Fact]
    public void Unknown_precision_is_refused()
    {
        var refusal = Assert.Throws<Engines.EngineUnavailableException>(
            () => TorchEngine.Open(Devices.TorchDevice.Cpu, Engine.Libtorch, "fp8"));

        Assert.Contains("expected fp32 or bf16", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>A home of its own, and the libtorch of this machine.</summary>
    private static Shell Here()
    {
        var shell = new Shell();
        shell.Variables[LibtorchFolder.Variable] = Engine.Libtorch.Path;
        return shell;
    }
}
