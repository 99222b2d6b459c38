using TorchSharp;
using TuneGrid.Training.Corpora;
using TuneGrid.Training.Engines;
using TuneGrid.Training.Kernels;
using TuneGrid.Training.Model;
using TuneGrid.Training.Torch.Devices;
using TuneGrid.Training.Torch.Libtorch;

namespace TuneGrid.Training.Torch;

/// <summary>Computes training steps with libtorch, on the processor, an NVIDIA card or Apple's GPU.</summary>
public sealed class TorchEngine : TrainingEngine
{
    /// <summary>Environment variable that forces the precision of matrix products: <c>fp32</c> or <c>bf16</c>.</summary>
    public const string PrecisionVariable = "TUNEGRID_TORCH_PRECISION";

    private readonly torch.Device _device;
    private readonly TorchPrecision _precision;

    private TorchEngine(torch.Device device, TorchPrecision precision, string name) =>
        (_device, _precision, Name) = (device, precision, name);

    /// <summary>For example <c>torch-cpu-fp32</c> or <c>torch-cuda-nvidia-h100-80gb-hbm3-bf16</c>.</summary>
    public override string Name { get; }

    /// <param name="precision">Null for the device's usual one: bf16 on CUDA and on processors with AVX-512-BF16, fp32 elsewhere.</param>
    /// <exception cref="EngineUnavailableException">The library or the device is not there, or the precision is none.</exception>
    public static TorchEngine Open(TorchDevice device, LibtorchFolder libtorch, string? precision = null)
    {
        if (string.IsNullOrWhiteSpace(precision))
            precision = HasBf16(device) ? "bf16" : "fp32";
        if (!Enum.GetNames<TorchPrecision>().Contains(precision, StringComparer.OrdinalIgnoreCase))
            throw new EngineUnavailableException($"{PrecisionVariable}={precision}: expected fp32 or bf16");
        var opened = TorchLibrary.Open(device, libtorch);
        var card = device == TorchDevice.Cuda ? $"-{GraphicsCard.First.Model}" : "";
        return new(opened, Enum.Parse<TorchPrecision>(precision, ignoreCase: true), Slug($"torch-{device}{card}-{precision}"));
    }

    public override bool IsOnProcessor => _device.type == DeviceType.CPU;

    public override long? DeviceMemoryBytes => _device.type == DeviceType.CUDA ? GraphicsCard.First.MemoryBytes : null;

    public override string? Refuse(TrainingOptions options) => TorchOptions.Refuse(options);

    public override long MemoryBytes(TrainingOptions options, int threads) =>
        new TorchMemory(options, _precision, keepsScores: _device.type == DeviceType.MPS).Bytes();

    internal override ITrainingStep Build(ModelLayout layout, TokenSequence text, TrainerSettings settings, ulong seed) =>
        new TorchStep(layout, text, settings, seed, _device, _precision);

    private static bool HasBf16(TorchDevice device) =>
        device == TorchDevice.Cuda || (device == TorchDevice.Cpu && KernelLadder.Supported.Contains(InstructionSet.Avx512Bf16));

    private static string Slug(string text) => string.Concat(text.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'));
}
