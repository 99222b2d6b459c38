using TuneGrid.Testing.Servers;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace TuneGrid.Testing.Contracts;

/// <summary>
/// A test of a store contract. Where no PostgreSQL server can be started, it is skipped by name in the classes that need one.
/// </summary>
[XunitTestCaseDiscoverer("TuneGrid.Testing.Contracts.StoreFactDiscoverer", "TuneGrid.Testing")]
public sealed class StoreFactAttribute : FactAttribute;

/// <summary>The same with data.</summary>
[XunitTestCaseDiscoverer("TuneGrid.Testing.Contracts.StoreTheoryDiscoverer", "TuneGrid.Testing")]
public sealed class StoreTheoryAttribute : TheoryAttribute;

public sealed class StoreFactDiscoverer(IMessageSink sink) : FactDiscoverer(sink)
{
    protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions options, ITestMethod method, IAttributeInfo fact) =>
        Missing(method) is { } reason
            ? new SkippedTestCase(reason, DiagnosticMessageSink, options, method)
            : base.CreateTestCase(options, method, fact);

    /// <summary>What the class needs and this machine lacks, or null.</summary>
    internal static string? Missing(ITestMethod method) =>
        Missing(method.TestClass.Class.Name);

    private static string? Missing(string name) =>
        name.Contains("PgBouncer", StringComparison.Ordinal) ? PgBouncer.Missing
        : name.Contains("Postgres", StringComparison.Ordinal) ? PostgresServer.Missing
        : null;
}

public sealed class StoreTheoryDiscoverer(IMessageSink sink) : TheoryDiscoverer(sink)
{
    public override IEnumerable<IXunitTestCase> Discover(
        ITestFrameworkDiscoveryOptions options, ITestMethod method, IAttributeInfo theory) =>
        StoreFactDiscoverer.Missing(method) is { } reason
            ? [new SkippedTestCase(reason, DiagnosticMessageSink, options, method)]
            : base.Discover(options, method, theory);
}
