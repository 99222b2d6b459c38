using System.Text;
using TuneGrid.Training.Checkpoints;
using TuneGrid.Training.Kernels;
using TuneGrid.Training.Memory;
using TuneGrid.Training.Model;
using TuneGrid.Training.Tokenization;

namespace TuneGrid.Training.Tests.Export;

/// <summary>A small model of random weights, saved as a trainer saves it, in a folder that goes with it.</summary>
internal sealed unsafe class SavedModel : IDisposable
{
    public const string Text =
        "Once upon a time there was a small dog. The dog liked to run. \"Run, dog, run!\" said the café cat. Once the cat ran too.\n";
    private readonly string _folder = Directory.CreateTempSubdirectory("tunegrid-export-").FullName;

    public SavedModel(TrainingOptions options)
    {
        Path = In("model.safetensors");
        var layout = new ModelLayout(options);
        using var weights = new NativeBuffer(layout.ArenaCount);
        var random = new Random(5);
        var writer = new SafetensorsWriter();
        foreach (var parameter in layout.Parameters)
        {
            var data = weights.Data + parameter.Offset;
            for (var i = 0L; i < parameter.Count; i++)
                data[i] = (parameter.Kind == ParameterKind.Vector ? 1 : 0) + (float)((random.NextDouble() - 0.5) * 0.7);
            writer.Add(parameter.Name, data, parameter.Rows, parameter.Columns);
        }
        writer.Save(Path, new Dictionary<string, string>
        {
            ["tunegrid.format"] = LanguageModel.Format,
            ["tunegrid.options"] = OptionsJson.Write(options),
            ["tunegrid.tokenizer"] = Tokenizer.Train([Encoding.UTF8.GetBytes(Text)], options.Vocabulary).ToJson(),
        });
    }

    public static TrainingOptions Llama =>
        new() { Recipe = Recipe.Llama, Width = 32, Heads = 2, Depth = 2, Context = 48, Vocabulary = 300, MlpRatio = 2 };

    public string Path { get; }

    public string In(string name) => System.IO.Path.Combine(_folder, name);

    /// <summary>The reference kernels: the comparison is about formats, not about rounding.</summary>
    public LanguageModel Load() => LanguageModel.Load(Path, new TrainerSettings(1, 0, KernelLadder.For(InstructionSet.Reference)));

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
