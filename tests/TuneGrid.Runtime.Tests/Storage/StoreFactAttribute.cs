using Xunit.Abstractions;
using Xunit.Sdk;

namespace TuneGrid.Runtime.Tests.Storage;

/// <summary>A test of a store contract. Where no PostgreSQL server can be started, it is skipped by name in the classes that need one.</summary>
[XunitTestCaseDiscoverer("TuneGrid.Runtime.Tests.Storage.StoreFactDiscoverer", "TuneGrid.Runtime.Tests")]
public sealed class StoreFactAttribute : FactAttribute;

/// <summary>The same with data.</summary>
[XunitTestCaseDiscoverer("TuneGrid.Runtime.Tests.Storage.StoreTheoryDiscoverer", "TuneGrid.Runtime.Tests")]
public sealed class StoreTheoryAttribute : TheoryAttribute;

public sealed class StoreFactDiscoverer(IMessageSink sink) : FactDiscoverer(sink)
{
    protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions options, ITestMethod method, IAttributeInfo fact) =>
        SkippedTestCase.Reason(method) is null
            ? base.CreateTestCase(options, method, fact)
            : new SkippedTestCase(DiagnosticMessageSink, options.MethodDisplayOrDefault(), options.MethodDisplayOptionsOrDefault(), method);
}

public sealed class StoreTheoryDiscoverer(IMessageSink sink) : TheoryDiscoverer(sink)
{
    public override IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions options, ITestMethod method, IAttributeInfo theory) =>
        SkippedTestCase.Reason(method) is null
            ? base.Discover(options, method, theory)
            : [new SkippedTestCase(DiagnosticMessageSink, options.MethodDisplayOrDefault(), options.MethodDisplayOptionsOrDefault(), method)];
}

/// <summary>Skips by what it finds on this machine; xunit 2 knows only reasons that stand in an attribute.</summary>
public sealed class SkippedTestCase : XunitTestCase
{
    [Obsolete("For deserialization only")]
    public SkippedTestCase()
    {
    }

    public SkippedTestCase(IMessageSink sink, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
        : base(sink, display, options, method)
    {
    }

    /// <summary>Null if the test can run here.</summary>
    public static string? Reason(ITestMethod method) =>
        method.TestClass.Class.Name.Contains("Postgres", StringComparison.Ordinal) ? PostgresServer.Missing : null;

    protected override string GetSkipReason(IAttributeInfo factAttribute) => PostgresServer.Missing ?? base.GetSkipReason(factAttribute);
}
