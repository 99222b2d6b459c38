using TuneGrid.Training.Export;
using TuneGrid.Training.Model;

namespace TuneGrid.Training.Tests.Export;

public sealed class Llama2cExportTests
{
    public static TheoryData<string> Variants() => ["untied", "tied", "no gain", "mup"];

    [Theory]
    [MemberData(nameof(Variants))]
    public void TheExportedModelWritesTheSameGreedyText(string variant)
    {
        var options = SavedModel.Llama;
        options = variant switch
        {
            "tied" => options with { Tied = true },
            "no gain" => options with { Normalization = Normalization.RmsNorm },
            "mup" => options with { Parametrization = Parametrization.Mup },
            _ => options,
        };
        using var saved = new SavedModel(options);
        using var model = saved.Load();
        var files = ModelExport.Run(saved.Path, ExportFormat.Llama2c, saved.In("out.bin"));
        Assert.Equal([saved.In("out.bin"), saved.In("out.tokenizer.bin")], files);
        foreach (var prompt in new[] { "", "Once upon a time", "The café dog", " the" })
        {
            // Beyond the context our window slides, where llama2.c ends.
            var ours = model.Generate(prompt, new GenerationOptions(0, 1, 20, 1));
            var theirs = new Llama2cDecoder(files[0], files[1]).Generate(prompt, options.Context);
            Assert.StartsWith(ours.Replace("\0", "", StringComparison.Ordinal).TrimEnd('\uFFFD'), theirs, StringComparison.Ordinal);
            Assert.True(ours.Length > prompt.Length);
        }
    }

    [Fact]
    public void EveryObstacleIsNamed()
    {
        using var saved = new SavedModel(new TrainingOptions { Width = 32, Depth = 1, Vocabulary = 300 });
        var refusal = Assert.Throws<ExportRefusedException>(() => ModelExport.Run(saved.Path, ExportFormat.Llama2c, saved.In("out.bin")));
        string[] obstacles =
        [
            "rope_base is 1024 where it needs 10000", "activation is relu2", "qk_norm is true", "soft_cap is 15",
            "value_embeddings", "x0_shortcut", "embedding_norm",
        ];
        foreach (var option in obstacles)
            Assert.Contains(option, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("normalization", refusal.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(saved.In("out.bin")));
    }

    [Fact]
    public void AnotherRopeBaseIsRefusedForLlama2cAndTakenForGguf()
    {
        using var saved = new SavedModel(SavedModel.Llama with { RopeBase = 500 });
        Assert.Contains(
            "rope_base",
            Assert.Throws<ExportRefusedException>(() => ModelExport.Run(saved.Path, ExportFormat.Llama2c, saved.In("out.bin"))).Message,
            StringComparison.Ordinal);
        Assert.Single(ModelExport.Run(saved.Path, ExportFormat.Gguf, saved.In("out.gguf")));
    }

    [Fact]
    public void SafetensorsIsTheModelItselfEvenOntoItself()
    {
        using var saved = new SavedModel(SavedModel.Llama);
        var bytes = File.ReadAllBytes(saved.Path);
        ModelExport.Run(saved.Path, ExportFormat.Safetensors, saved.In("folder/copy.safetensors"));
        ModelExport.Run(saved.Path, ExportFormat.Safetensors, saved.Path);
        Assert.Equal(bytes, File.ReadAllBytes(saved.In("folder/copy.safetensors")));
        Assert.Equal(bytes, File.ReadAllBytes(saved.Path));
    }
}
