using TuneGrid.Coordination.Ledger;

namespace TuneGrid.Storage.Tests;

public sealed class StoreLocationTests
{
    [Fact]
    public void Folders_files_and_the_environment_name_an_sqlite_store()
    {
        Assert.Equal(new StoreLocation.Sqlite("/data/tunegrid.db", "/data/artifacts"), Parse("/data"));
        Assert.Equal(new StoreLocation.Sqlite("/data/x.db", "/data/artifacts"), Parse("/data/x.db"));
        Assert.Equal(new StoreLocation.Sqlite("/data/x.db", "/shared"), StoreLocation.Parse("/data/x.db", "/shared", _ => null));
        Assert.Equal(
            new StoreLocation.Sqlite("/store/tunegrid.db", "/store/artifacts"),
            Parse(null, ("TUNEGRID_STORE", "/store"), ("TUNEGRID_HOME", "/home")));
        Assert.Equal(new StoreLocation.Sqlite("/home/tunegrid.db", "/home/artifacts"), Parse(null, ("TUNEGRID_HOME", "/home")));
    }

    [Fact]
    public void A_user_without_a_home_is_told_of_the_variable_and_no_folder_is_made_up()
    {
        var home = Environment.GetEnvironmentVariable("HOME");
        try
        {
            Environment.SetEnvironmentVariable("HOME", "/nonexistent/somebody");
            if (OperatingSystem.IsWindows())
                return;
            var fault = Assert.Throws<StoreUnusableException>(() => Parse(null));
            Assert.Contains("'/nonexistent/somebody' does not exist: set TUNEGRID_HOME", fault.Message, StringComparison.Ordinal);
            // Who names a store needs no home.
            Assert.Equal(new StoreLocation.Sqlite("/data/tunegrid.db", "/data/artifacts"), Parse("/data"));
        }
        finally
        {
            Environment.SetEnvironmentVariable("HOME", home);
        }
    }

    [Theory]
    [InlineData("Host=db;Database=grid;Username=me;Password=s3cret")]
    [InlineData("postgresql://me:s3cret@db/grid?sslmode=verify-full&sslrootcert=/ca.pem")]
    [InlineData("postgres://me:s3cret@db:5432/grid")]
    public void Connection_strings_never_show_their_password(string text)
    {
        var location = Assert.IsType<StoreLocation.Postgres>(Parse(text));
        Assert.Equal("postgresql://db:5432/grid", location.ToString());
        Assert.Contains("Password=s3cret", location.ConnectionString, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", $"{location}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=db;Nonsense=1;Password=s3cret")]
    [InlineData("postgres://me:s3cret@db:notaport/grid")]
    [InlineData("postgresql//me:s3cret@db/grid")]
    [InlineData("postgres:/me:s3cret@db")]
    [InlineData("postgresql:me:s3cret@db/grid")]
    [InlineData("posgresql://me:s3cret@db/grid")]
    [InlineData("postgresql//db/grid?password=s3cret")]
    [InlineData("postgresql;//me:s3cret@db/grid")]
    [InlineData("me:s3cret@db/grid")]
    [InlineData("me:s3/cr@s3cret@db/grid")]
    [InlineData("//me:s3cret@db/grid")]
    [InlineData("Host=db;Pasword=s3cret")]
    [InlineData("Host:db;Password=s3cret")]
    [InlineData("db.example.com;Password=s3cret")]
    [InlineData("/db;PWD = 's3cret'")]
    public void A_wrong_connection_string_is_refused_without_its_password(string text)
    {
        var fault = Assert.Throws<StoreUnusableException>(() => Parse(text));
        Assert.DoesNotContain("s3cret", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_artifacts_folder_is_no_address_with_a_password()
    {
        var fault = Assert.Throws<StoreUnusableException>(() => StoreLocation.Parse("/data", "s3://me:s3cret@bucket", _ => null));
        Assert.DoesNotContain("s3cret", fault.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("./me:s3@db")]
    [InlineData("/srv/postgres-store")]
    [InlineData("postgresql-data")]
    [InlineData("user@host")]
    [InlineData("/mnt/c: new")]
    public void Folders_that_hold_no_password_are_folders(string text) => Assert.IsType<StoreLocation.Sqlite>(Parse(text));

    [Theory]
    [InlineData("unknown '--stroe=Host=db;Pasword=s3cret;Port=1'", "unknown '--stroe=Host=db;Pasword=***;Port=1'")]
    [InlineData("write \"Host=...;Password=...\"", "write \"Host=...;Password=...\"")]
    [InlineData("postgresql://me:s3c@ret@db/x is gone", "postgresql://me:***@db/x is gone")]
    [InlineData("12:03:04 one@two http://host:80/x", "12:03:04 one@two http://host:80/x")]
    public void A_password_is_masked_and_all_else_stays(string text, string expected) => Assert.Equal(expected, Secrets.Mask(text));

    private static StoreLocation Parse(string? text, params (string Name, string Value)[] environment) =>
        StoreLocation.Parse(text, null, name => environment.FirstOrDefault(e => e.Name == name).Value);
}
