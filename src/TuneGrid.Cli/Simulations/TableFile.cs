using System.IO.Compression;
using TuneGrid.Cli.Input;
using TuneGrid.Cli.Terminal;
using TuneGrid.Simulation.Tables;

namespace TuneGrid.Cli.Simulations;

/// <summary>Reads tables, packed by gzip or not.</summary>
internal static class TableFile
{
    private const int GzipFirst = 0x1F, GzipSecond = 0x8B;

    /// <exception cref="UsageException">No such file, or no table of learning curves in it.</exception>
    public static CurveTable Read(string path, bool averagesRepeats) => Known(path, () =>
    {
        using var text = Open(path);
        return TableText.Read(Path.GetFileName(path), text, averagesRepeats);
    });

    /// <summary>Says what is wrong with a file as a mistake of whoever named it.</summary>
    /// <exception cref="UsageException">Something is.</exception>
    public static T Known<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (TableFormatException fault)
        {
            throw new UsageException(fault.Message);
        }
        catch (InvalidDataException)
        {
            throw new UsageException($"'{path}' is damaged: gzip can't unpack it; fetch or export it again");
        }
        catch (Exception fault) when (fault is UnauthorizedAccessException or IOException)
        {
            throw new UsageException($"'{path}' can't be read: {fault.Message}");
        }
    }

    /// <summary>Opens a text file that may be packed.</summary>
    /// <exception cref="UsageException">No such file.</exception>
    public static StreamReader Open(string path)
    {
        var file = File.OpenRead(InputFile.OptionalOrdinary(path)!);
        var isPacked = file.ReadByte() == GzipFirst && file.ReadByte() == GzipSecond;
        file.Position = 0;
        return new(isPacked ? new GZipStream(file, CompressionMode.Decompress) : file);
    }
}
