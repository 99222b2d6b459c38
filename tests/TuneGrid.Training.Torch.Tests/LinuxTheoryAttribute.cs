namespace TuneGrid.Training.Torch.Tests;

/// <summary>A theory about /proc.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxTheoryAttribute : TheoryAttribute
{
    public LinuxTheoryAttribute() => Skip = OperatingSystem.IsLinux() ? null : "only Linux tells a process its peak memory from a moment on";
}
