using TuneGrid.Testing;
using TuneGrid.Training.Kernels;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace TuneGrid.Training.Tests.Kernels;

/// <summary>The step of the ladder that the tests of a class need.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RunsOnAttribute(InstructionSet set) : Attribute
{
    public InstructionSet Set => set;
}

/// <summary>A test of a kernel contract. It is skipped by name, with the reason, in the classes whose step this processor has not.</summary>
[XunitTestCaseDiscoverer("TuneGrid.Training.Tests.Kernels.KernelFactDiscoverer", "TuneGrid.Training.Tests")]
public sealed class KernelFactAttribute : FactAttribute;

/// <summary>The same with data.</summary>
[XunitTestCaseDiscoverer("TuneGrid.Training.Tests.Kernels.KernelTheoryDiscoverer", "TuneGrid.Training.Tests")]
public sealed class KernelTheoryAttribute : TheoryAttribute;

public sealed class KernelFactDiscoverer(IMessageSink sink) : FactDiscoverer(sink)
{
    protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions options, ITestMethod method, IAttributeInfo fact) =>
        Missing(method) is { } reason ? new SkippedTestCase(reason, DiagnosticMessageSink, options, method) : base.CreateTestCase(options, method, fact);

    /// <summary>Why the class can't run here, or null.</summary>
    internal static string? Missing(ITestMethod method)
    {
        var needed = method.TestClass.Class.GetCustomAttributes(typeof(RunsOnAttribute)).Single().GetNamedArgument<InstructionSet>(nameof(RunsOnAttribute.Set));
        return KernelLadder.Supported.Contains(needed) ? null : $"{KernelLadder.Name(needed)}: {KernelLadder.Missing[needed]}";
    }
}

public sealed class KernelTheoryDiscoverer(IMessageSink sink) : TheoryDiscoverer(sink)
{
    public override IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions options, ITestMethod method, IAttributeInfo theory) =>
        KernelFactDiscoverer.Missing(method) is { } reason ? [new SkippedTestCase(reason, DiagnosticMessageSink, options, method)] : base.Discover(options, method, theory);
}
