using TuneGrid.Testing.Servers;

namespace TuneGrid.Storage.Tests;

/// <summary>The tests that share one PostgreSQL server, one after the other. xunit looks for this in the assembly of the tests.</summary>
[CollectionDefinition(Name)]
public sealed class PostgresTests : ICollectionFixture<PostgresServer>
{
    public const string Name = "PostgreSQL";
}
