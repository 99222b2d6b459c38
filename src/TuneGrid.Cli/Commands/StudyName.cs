using System.Buffers;
using TuneGrid.Cli.Terminal;
using TuneGrid.Coordination;
using TuneGrid.Coordination.Ledger;
using TuneGrid.Coordination.Studies;

namespace TuneGrid.Cli.Commands;

/// <summary>A name that somebody chose for a study, for scripts to know it by.</summary>
internal static class StudyName
{
    private const int Longest = 64;
    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

    /// <exception cref="UsageException">It can't be a study's name.</exception>
    public static StudyId Checked(string name) =>
        name.Length is > 0 and <= Longest && char.IsAsciiLetterOrDigit(name[0]) && !name.AsSpan().ContainsAnyExcept(Allowed)
            ? new(name)
            : throw new UsageException(
                $"--name is '{name}'; expected 1 to {Longest} letters, digits, '.', '_' or '-', the first a letter or a digit");

    /// <exception cref="UsageException">The name is taken.</exception>
    public static async Task<StudyId> CreateAsync(IStudyStore store, StudyId name, NewStudy plan, CancellationToken cancellation) =>
        await StudyLauncher.TryCreateAsync(store, name, plan, cancellation)
            ? name
            : throw new UsageException(
                $"there is a study '{name}' already: go on with it (tunegrid resume {name}), look at it (tunegrid show {name}), "
                + "or choose another --name");
}
