namespace TuneGrid.Training.Export;

/// <summary>A form that a saved model is written in for other programs.</summary>
public enum ExportFormat
{
    /// <summary>The saved model as it is: weights, options and tokenizer in one safetensors file.</summary>
    Safetensors,

    /// <summary>The first binary form of karpathy/llama2.c, with a tokenizer file beside it.</summary>
    Llama2c,

    /// <summary>GGUF version 3 in llama.cpp's llama architecture.</summary>
    Gguf,
}
