using TuneGrid.Training.Torch.Devices;

namespace TuneGrid.Training.Torch.Tests;

/// <summary>A test that computes with libtorch. Where that can't be loaded it is skipped, with the reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TorchFactAttribute : FactAttribute
{
    public TorchFactAttribute() => Skip = TorchLibrary.Load(Engine.Libtorch);
}

/// <summary>As <see cref="TorchFactAttribute"/>, once for each row of data.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal class TorchTheoryAttribute : TheoryAttribute
{
    public TorchTheoryAttribute() => Skip = TorchLibrary.Load(Engine.Libtorch);
}

/// <summary>As <see cref="TorchTheoryAttribute"/>, about /proc.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxTorchTheoryAttribute : TorchTheoryAttribute
{
    public LinuxTorchTheoryAttribute() =>
        Skip ??= OperatingSystem.IsLinux() ? null : "only Linux tells a process its peak memory from a moment on";
}
