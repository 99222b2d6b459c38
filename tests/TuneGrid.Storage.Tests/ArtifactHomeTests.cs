using TuneGrid.Coordination.Ledger;
using TuneGrid.Storage.Artifacts;
using TuneGrid.Storage.Sqlite;

namespace TuneGrid.Storage.Tests;

/// <summary>The small texts by which a store and its artifact folder know each other, lost or damaged.</summary>
public sealed class ArtifactHomeTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly string _folder = Directory.CreateTempSubdirectory("tunegrid-test-").FullName;
    private SqliteStudyStore _store = null!;

    private string Usual => Path.Combine(_folder, "artifacts");

    private string Identity => Path.Combine(Usual, "identity");

    private ISharedTexts Texts => _store;

    public Task InitializeAsync()
    {
        _store = SqliteStudyStore.Open(Path.Combine(_folder, "tunegrid.db"), TimeProvider.System);
        Fill(Usual);
        return ClaimAsync(Usual, isNamed: false);
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\0\0\0\0")]
    [InlineData("what is this?")]
    [InlineData("short")]
    [InlineData("flipped")]
    [InlineData(null)]
    public async Task The_usual_folder_s_identity_is_mended(string? damage)
    {
        var whole = await File.ReadAllTextAsync(Identity);
        if (damage is null)
            File.Delete(Identity);
        else
            await File.WriteAllTextAsync(Identity, damage switch { "flipped" => Flip(whole), "short" => whole[..5], _ => damage });
        await ClaimAsync(Usual, isNamed: false);
        Assert.Equal(whole, await File.ReadAllTextAsync(Identity));
        Assert.Equal(whole, (await Texts.ReadAsync("artifact-home", None)).Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("what is this?")]
    [InlineData("flipped")]
    public async Task The_store_s_own_text_is_mended(string damage)
    {
        var whole = await File.ReadAllTextAsync(Identity);
        var known = await Texts.ReadAsync("artifact-home", None);
        Assert.True(await Texts.TryWriteAsync("artifact-home", known.Version, damage == "flipped" ? Flip(whole) : damage, None));
        await ClaimAsync(Usual, isNamed: false);
        Assert.Equal(await File.ReadAllTextAsync(Identity), (await Texts.ReadAsync("artifact-home", None)).Text);
    }

    [Fact]
    public async Task A_named_folder_whose_identity_can_be_recognised_is_mended_and_one_that_cannot_is_named_with_the_way_to_mend_it()
    {
        var whole = await File.ReadAllTextAsync(Identity);
        await File.WriteAllTextAsync(Identity, Flip(whole));
        await ClaimAsync(Usual, isNamed: true);
        Assert.Equal(whole, await File.ReadAllTextAsync(Identity));
        await File.WriteAllTextAsync(Identity, "");
        var fault = await Assert.ThrowsAsync<StoreUnusableException>(() => ClaimAsync(Usual, isNamed: true));
        Assert.Contains($"{Identity} is damaged", fault.Message, StringComparison.Ordinal);
        Assert.Contains($"write {whole} into that file", fault.Message, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Identity, whole);
        await ClaimAsync(Usual, isNamed: true);
    }

    [Fact]
    public async Task Another_folder_is_still_refused()
    {
        var other = Path.Combine(_folder, "other");
        Fill(other);
        await File.WriteAllTextAsync(Path.Combine(other, "identity"), "0123456789abcdef");
        foreach (var isNamed in new[] { true, false })
        {
            var fault = await Assert.ThrowsAsync<StoreUnusableException>(() => ClaimAsync(other, isNamed));
            Assert.Contains("is not the folder where the store", fault.Message, StringComparison.Ordinal);
        }
    }

    private static void Fill(string folder) => Directory.CreateDirectory(Path.Combine(folder, "objects", "ab"));

    private static string Flip(string identity) => identity[..3] + (char)(identity[3] ^ 1) + identity[4..];

    private Task ClaimAsync(string folder, bool isNamed) => ArtifactHome.ClaimAsync(Texts, folder, isNamed, "here", None);
}
