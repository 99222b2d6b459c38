using TuneGrid.Training.Model;

namespace TuneGrid.Training.Tests.Model;

public sealed class TrainingOptionsTests
{
    [Theory]
    [InlineData(Recipe.Modern)]
    [InlineData(Recipe.Plain)]
    [InlineData(Recipe.Llama)]
    public void What_is_set_stays_whether_the_recipe_comes_before_or_after(Recipe recipe)
    {
        var before = new TrainingOptions { Recipe = recipe, LearningRate = 0.5, Canon = 1, Width = 256 };
        var after = new TrainingOptions { LearningRate = 0.5, Canon = 1, Width = 256, Recipe = recipe };
        Assert.Equal((0.5, 1), (after.LearningRate, after.Canon));
        Assert.Equal(OptionsJson.Write(before), OptionsJson.Write(after));
    }

    [Fact]
    public void What_a_recipe_set_goes_with_it()
    {
        var there = new TrainingOptions { Recipe = Recipe.Plain, Warmup = 0.2 };
        Assert.Equal("gelu", OptionCatalog.Read(there, "activation"));
        var back = there with { Recipe = Recipe.Modern };
        Assert.Equal(OptionsJson.Write(new() { Warmup = 0.2 }), OptionsJson.Write(back));
    }

    [Fact]
    public void Heads_follow_the_width_until_they_are_set()
    {
        Assert.Equal(4, new TrainingOptions { Width = 256 }.Heads);
        Assert.Equal(8, new TrainingOptions { Width = 256, Heads = 0, Recipe = Recipe.Plain }.Heads);
        Assert.Equal(2, new TrainingOptions { Width = 256, Heads = 2, Recipe = Recipe.Plain }.Heads);
    }
}
