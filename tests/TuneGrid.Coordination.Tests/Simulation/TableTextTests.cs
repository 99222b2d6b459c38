using TuneGrid.Search.Space;
using TuneGrid.Simulation.Tables;

namespace TuneGrid.Coordination.Tests.Simulation;

public class TableTextTests
{
    [Fact]
    public void A_hyperparameter_is_searched_in_the_box_of_its_values_and_by_factors_from_two_decades_on()
    {
        var space = TableTexts.Read("""
            config,rate,width,depth,step,valid_loss
            0,0.001,8,2,0,3
            1,0.1,64,2,0,2
            """).Space;

        Assert.Equal<Parameter>(
            [new FloatParameter("rate", 0.001, 0.1, null, true, null), new FloatParameter("width", 8, 64, null, false, null)],
            space.Parameters);
        Assert.Equal("depth=2", space.Fixed.ToString());
    }

    [Fact]
    public void Steps_count_from_nought_and_last_a_second_each()
    {
        var table = TableTexts.Read("config,a,step,valid_loss\n0,1,0,3\n0,1,1,2\n1,2,0,5\n1,2,1,4\n");

        var curve = table.Train(Row(table, 0), 0);
        Assert.Equal([1, 2], curve.Amounts);
        Assert.Equal([1, 2], curve.Seconds);
        Assert.Equal(2, table.MeanSeconds);
        Assert.Equal(new RegretScale(2, 2, 2), table.Scale);
    }

    [Fact]
    public void Trials_take_the_repeats_in_turn_and_what_they_show_is_worth_the_mean()
    {
        const string Text = """
            config,a,repeat,epoch,time_s,val_accuracy,val_cross_entropy
            0,1,0,1,2,0,3
            0,1,1,1,4,0,5
            1,2,0,1,2,0,9
            1,2,1,1,2,0,nan
            """;
        var table = TableTexts.Read(Text);
        var averaged = TableTexts.Read(Text, averagesRepeats: true);

        Assert.Equal([3, 5, 3], Enumerable.Range(0, 3).Select(trial => table.Train(Row(table, 0), trial).Scores[0]));
        Assert.Equal([4, 9], Enumerable.Range(0, 2).Select(row => table.Train(Row(table, row), 0).Truths[0]));
        Assert.Equal([4, 4], Enumerable.Range(0, 2).Select(trial => averaged.Train(Row(averaged, 0), trial).Scores[0]));
        Assert.Equal(3, averaged.Train(Row(averaged, 0), 0).Seconds[0]);
        Assert.Equal(new RegretScale(4, 4, 5), table.Scale);
        Assert.Equal(2.5, table.MeanSeconds);
    }

    /// <summary>A study's finalists run again straight to the end: its exported table has one point of each such run.</summary>
    [Fact]
    public void A_repeat_that_was_evaluated_elsewhere_is_read_at_the_points_of_the_others()
    {
        var table = TableTexts.Read("""
            config,a,repeat,epoch,time_s,val_cross_entropy
            0,1,0,2,2,5
            0,1,0,4,4,3
            0,1,0,8,8,1
            0,1,1,8,16,2
            0,1,2,1,1,8
            0,1,2,3,3,4
            1,2,0,2,2,6
            """);
        var (second, third) = (table.Train(Row(table, 0), 1), table.Train(Row(table, 0), 2));

        Assert.Equal([5, 3, 2], second.Scores);
        Assert.Equal([4, 8, 16], second.Seconds);
        Assert.Equal([6, 4, 4], third.Scores);
        Assert.Equal([2, 4, 8], third.Seconds);
        Assert.Equal([16 / 3.0, 10 / 3.0, 7 / 3.0], third.Truths);
    }

    [Fact]
    public void A_training_that_was_given_up_goes_on_flat_and_one_that_diverged_stays_so()
    {
        var table = TableTexts.Read("""
            config,a,epoch,time_s,val_cross_entropy
            0,1,1,2,3
            0,1,2,4,2
            0,1,4,8,1
            1,2,1,3,6
            2,3,1,1,4
            2,3,2,2,nan
            """);

        Assert.Equal([6, 6, 6], table.Train(Row(table, 1), 0).Scores);
        Assert.Equal([3, 6, 12], table.Train(Row(table, 1), 0).Seconds);
        Assert.Equal([4, double.NaN, double.NaN], table.Train(Row(table, 2), 0).Scores);
    }

    [Fact]
    public void Scores_below_what_a_sound_silo_reports_are_lifted_and_regrets_stay()
    {
        var table = TableTexts.Read("config,a,step,valid_loss\n0,1,0,-2\n1,2,0,0\n2,3,0,1\n");

        Assert.True(table.Train(Row(table, 0), 0).Scores[0] > 0.01);
        Assert.Equal(2, table.Scale.Unit, 12);
    }

    [Theory]
    [InlineData("", "'table' is empty")]
    [InlineData("config,a,epoch,time_s,val_cross_entropy\n", "has a heading and nothing below it")]
    [InlineData("a,b\n1,2\n", "line 1 has no column 'config'")]
    [InlineData("config,epoch,time_s,val_cross_entropy\n", "line 1 names no hyperparameter")]
    [InlineData("config,a,a,epoch,time_s,val_cross_entropy\n", "line 1 has the column 'a' twice")]
    [InlineData("config,a,epoch,val_cross_entropy\n0,1,1,1\n", "line 1 has no column 'step'")]
    [InlineData("config,a,epoch,time_s,val_cross_entropy\n0,1,1,1\n", "line 2 has 4 fields; the heading has 5")]
    [InlineData("config,a,epoch,time_s,val_cross_entropy\n1,1,1,1,2\n", "line 2 has config 1")]
    [InlineData("config,a,epoch,time_s,val_cross_entropy\n0,x,1,1,2\n", "line 2 has a 'x'; expected a number")]
    [InlineData("config,a,epoch,time_s,val_cross_entropy\n0,nan,1,1,2\n", "line 2 has a 'nan'; expected a finite number")]
    [InlineData("config,a,epoch,time_s,val_cross_entropy\n0,1,2,1,2\n0,1,1,2,2\n", "line 3 goes back to 1")]
    [InlineData("config,a,epoch,time_s,val_cross_entropy\n0,1,1,5,2\n0,1,2,4,2\n", "line 3 goes back to 4 s")]
    [InlineData("config,a,epoch,time_s,val_cross_entropy\n0,1,1,1,nan\n", "every training diverged")]
    [InlineData("config,a,epoch,time_s,val_cross_entropy\n0,1,1,0,2\n", "no training takes any time")]
    public void What_is_no_table_is_refused_with_its_place(string text, string expected)
    {
        var fault = Assert.Throws<TableFormatException>(() => TableTexts.Read(text));

        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_without_an_end_is_given_up()
    {
        var fault = Assert.Throws<TableFormatException>(() => TableTexts.Read(new string('a', 200_000)));

        Assert.Contains("line 1 is longer than", fault.Message, StringComparison.Ordinal);
    }

    private static Configuration Row(CurveTable table, int row) => table.ConfigurationOf(row);
}
