using System.Globalization;
using TuneGrid.Simulation.Tables;

namespace TuneGrid.Coordination.Tests.Simulation;

/// <summary>Small tables, as text.</summary>
internal static class TableTexts
{
    private const string Heading = "config,rate,width,epoch,time_s,val_cross_entropy\n";

    /// <summary>Row i has width i, rate 10^(-i mod 5), scores of 1 + i / 10 + 1 / epoch, and epochs of 1 + i mod 2 seconds.</summary>
    /// <param name="diverging">Every so manieth row is NaN from its third epoch on; 0 for none.</param>
    public static CurveTable Table(int rows, int epochs, int diverging = 0)
    {
        var text = new StringWriter(CultureInfo.InvariantCulture);
        text.Write(Heading);
        for (var row = 0; row < rows; row++)
        {
            for (var epoch = 1; epoch <= epochs; epoch++)
            {
                var isLost = diverging > 0 && row % diverging == diverging - 1 && epoch >= 3;
                var score = isLost ? "nan" : (1 + (row / 10.0) + (1.0 / epoch)).ToString("R", CultureInfo.InvariantCulture);
                text.Write(string.Create(
                    CultureInfo.InvariantCulture, $"{row},1e-{row % 5},{row},{epoch},{epoch * (1 + (row % 2))},{score}\n"));
            }
        }
        return Read(text.ToString());
    }

    public static CurveTable Read(string text, bool averagesRepeats = false) =>
        TableText.Read("table", new StringReader(text), averagesRepeats);
}
