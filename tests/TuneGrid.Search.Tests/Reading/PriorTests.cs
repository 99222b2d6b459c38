using TuneGrid.Search.Space;

namespace TuneGrid.Search.Tests.Reading;

public class PriorTests
{
    private const string Width = "\"type\": \"int\", \"min\": 64, \"max\": 384, \"step\": 32";

    [Fact]
    public void Parameters_of_every_kind_carry_priors_and_are_written_with_them()
    {
        const string Json = """
            { "budget": { "steps": 81 }, "parameters": {
                "width": { "type": "int", "min": 64, "max": 384, "step": 32, "prior": { "value": 192, "confidence": "high" } },
                "learning_rate": { "type": "float", "min": 0.001, "max": 0.1, "scale": "log", "prior": { "value": 0.01234567 } },
                "weight_decay": { "type": "float", "min": 0, "max": 1, "step": 0.1, "prior": { "value": 0.5, "confidence": "low" } },
                "optimizer": { "type": "choice", "values": ["muon", "adamw"], "prior": { "value": "adamw", "confidence": "medium" } },
                "tied": { "type": "bool", "prior": { "value": true } },
                "depth": { "type": "int", "min": 1, "max": 8 } } }
            """;
        var priors = SpaceFiles.Valid(Json).Parameters.Select(p => p.Prior).ToList();
        Assert.Equal(
            [
                new(ParameterValue.Of(192), PriorConfidence.High),
                new(ParameterValue.Of(0.01234567), PriorConfidence.Medium),
                new(ParameterValue.Of(0.5), PriorConfidence.Low),
                new(ParameterValue.Of("adamw"), PriorConfidence.Medium),
                new(ParameterValue.Of(true), PriorConfidence.Medium),
                null,
            ],
            priors);
        var again = SpaceFiles.Valid(SpaceFiles.Read(Json).Json);
        Assert.Equal(priors, again.Parameters.Select(p => p.Prior));
    }

    [Theory]
    [InlineData("{ \"value\": 200 }", "/value: 'width' is never 200 in this space, only from 64 to 384 in steps of 32; 192 is near")]
    [InlineData("{ \"value\": 32 }", "/value: 'width' is never 32 in this space, only from 64 to 384 in steps of 32; 64 is near")]
    [InlineData("{ \"value\": 1.5 }", "/value: expected a whole number from 1 to 4096, not 1.5")]
    [InlineData("{ \"value\": 96, \"confidence\": \"hihg\" }",
        "/confidence: expected one of low, medium, high, not \"hihg\" (did you mean 'high'?)")]
    [InlineData("{ \"confidence\": \"high\" }", ": 'value' is missing: expected for example \"value\": 256")]
    [InlineData("{ \"value\": 96, \"sigma\": 1 }", "/sigma: unknown key 'sigma': expected one of value, confidence")]
    [InlineData("96", ": expected an object, not 96")]
    public void A_wrong_prior_is_named(string prior, string problem)
    {
        var problems = SpaceFiles.Problems(
            "{ \"budget\": { \"steps\": 81 }, \"parameters\": { \"width\": { " + Width + ", \"prior\": " + prior + " } } }");
        Assert.Contains("/parameters/width/prior" + problem, Assert.Single(problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"learning_rate\": { \"type\": \"float\", \"min\": 0.001, \"max\": 0.1, \"prior\": { \"value\": 0.2 } }",
        "'learning_rate' is never 0.2 in this space, only from 0.001 to 0.1; 0.1 is near")]
    [InlineData("\"optimizer\": { \"type\": \"choice\", \"values\": [\"muon\", \"adamw\"], \"prior\": { \"value\": \"normuon\" } }",
        "'optimizer' is never normuon in this space, only one of muon, adamw")]
    public void A_prior_outside_the_space_is_named(string parameter, string problem) => Assert.Contains(
        problem,
        Assert.Single(SpaceFiles.Problems("{ \"budget\": { \"steps\": 81 }, \"parameters\": { " + parameter + " } }")),
        StringComparison.Ordinal);
}
