using TuneGrid.Training.Checkpoints;
using TuneGrid.Training.Files;
using TuneGrid.Training.Kernels;

namespace TuneGrid.Training.Export;

/// <summary>Writes a saved model in a form that other programs read.</summary>
public static class ModelExport
{
    /// <summary>Writes the model at <paramref name="modelPath"/> to <paramref name="outputPath"/>, each file whole or not at all.</summary>
    /// <returns>The files written: the model first, then a tokenizer file if the format wants one.</returns>
    /// <exception cref="ExportRefusedException">The format can't express the model.</exception>
    /// <exception cref="CheckpointException">The model file is missing, damaged, or no model.</exception>
    /// <exception cref="IOException">A file can't be written.</exception>
    public static IReadOnlyList<string> Run(string modelPath, ExportFormat format, string outputPath)
    {
        using var model = LanguageModel.Load(modelPath, new TrainerSettings(1, 0, KernelLadder.BestFp32));
        if (format == ExportFormat.Safetensors)
            return [Write(outputPath, file => CopyTo(modelPath, file))];
        LlamaArchitecture.Demand(model.Options, format);
        var weights = new LlamaWeights(model);
        if (format == ExportFormat.Gguf)
            return [Write(outputPath, file => GgufModel.Write(weights, model, file))];
        var written = Write(outputPath, file => Llama2cModel.Write(weights, model.Options, file));
        // A device or a pipe has no place beside it.
        if (FileKinds.Of(outputPath) == FileKind.Special)
            return [written];
        return
        [
            written,
            Write(Path.ChangeExtension(outputPath, ".tokenizer.bin"), file => Llama2cTokenizer.Write(model.Tokenizer, file)),
        ];
    }

    private static void CopyTo(string modelPath, Stream target)
    {
        using var source = File.OpenRead(modelPath);
        source.CopyTo(target);
    }

    /// <summary>The file may be the very model that is exported: it is replaced whole.</summary>
    private static string Write(string path, Action<Stream> write)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        AtomicFile.Write(path, write);
        return path;
    }
}
