using TuneGrid.Training.Model;

namespace TuneGrid.Training.Tests.Model;

/// <summary>Tiny models that differ in one option: every one must have right gradients, in every engine.</summary>
public static class OptionVariants
{
    public static TheoryData<string> All => new(
        "recipe=plain", "recipe=modern", "recipe=llama",
        "recipe=modern activation=swiglu", "recipe=modern activation=gelu", "recipe=plain activation=relu2",
        "recipe=modern normalization=layernorm", "recipe=modern normalization=rmsnorm_gain", "recipe=plain normalization=rmsnorm",
        "recipe=modern position=learned", "recipe=modern position=none", "recipe=plain position=rope",
        "recipe=modern tied=true", "recipe=plain tied=false", "recipe=modern qk_norm=false", "recipe=plain qk_norm=true",
        "recipe=modern soft_cap=0", "recipe=plain soft_cap=5", "recipe=modern value_embeddings=false", "recipe=plain value_embeddings=true",
        "recipe=modern x0_shortcut=false", "recipe=plain x0_shortcut=true", "recipe=modern embedding_norm=false",
        "recipe=plain embedding_norm=true", "recipe=modern bigram_buckets=64", "recipe=modern canon=0", "recipe=modern canon=1",
        "recipe=modern canon=2", "recipe=plain canon=3", "recipe=modern dropout=0.3", "recipe=plain dropout=0.3",
        "recipe=plain packing=documents", "recipe=modern packing=documents", "recipe=modern parametrization=mup",
        "recipe=plain parametrization=mup", "recipe=modern heads=1", "recipe=modern mlp_ratio=2.5", "recipe=modern attention_scale=0.3",
        "recipe=modern rope_base=50", "recipe=plain context_warmup=0.5");

    internal static TrainingOptions Parse(string settings)
    {
        var options = TinyCorpus.Options(Recipe.Modern) with { Context = 12, BatchSize = 2 };
        foreach (var setting in settings.Split(' '))
        {
            var (name, text) = (setting.Split('=')[0], setting.Split('=')[1]);
            var kind = OptionCatalog.All.Single(o => o.Name == name).Kind;
            options = OptionCatalog.Apply(options, name, kind switch
            {
                OptionKind.Boolean => text == "true",
                OptionKind.Text => text,
                _ => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture),
            });
        }
        return options;
    }
}
