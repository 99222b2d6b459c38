using NJsonSchema;

namespace TuneGrid.Search.Tests.Reading;

/// <summary>search-spaces/schema.json says what editors are told; it must agree with the reader as far as a schema can.</summary>
public class SchemaTests
{
    private static readonly Task<JsonSchema> Schema = JsonSchema.FromJsonAsync(SpaceFiles.Shipped("schema.json"));

    [Theory]
    [InlineData("gpt.json")]
    [InlineData("quick.json")]
    [InlineData("wide.json")]
    public async Task Our_files_fit(string name)
    {
        Assert.Empty((await Schema).Validate(SpaceFiles.Shipped(name)));
        Assert.Empty((await Schema).Validate(SpaceFiles.Text(name)));
        Assert.Empty((await Schema).Validate(SpaceFiles.Read(SpaceFiles.Text(name)).Json));
    }

    [Fact]
    public async Task Start_points_and_limits_fit()
    {
        const string Json = """
            {
              "budget": { "steps": 81 }, "parameters": { "tied": { "type": "bool" } },
              "start": ["defaults", { "tied": true }], "control": true, "stop": { "after": "1h30m" }
            }
            """;
        Assert.Empty((await Schema).Validate(Json));
        Assert.Empty((await Schema).Validate(SpaceFiles.Read(Json).Json));
    }

    [Theory]
    [InlineData("""{ "parameters": { "tied": { "type": "bool" } } }""")]
    [InlineData("""{ "budget": { "steps": 9 } }""")]
    [InlineData("""{ "budget": {}, "parameters": { "tied": { "type": "bool" } } }""")]
    [InlineData("""{ "budget": { "steps": 9, "seconds": 3 }, "parameters": { "tied": { "type": "bool" } } }""")]
    [InlineData("""{ "budget": { "steps": 9.5 }, "parameters": { "tied": { "type": "bool" } } }""")]
    [InlineData("""{ "budget": { "minutes": 9 }, "parameters": { "tied": { "type": "bool" } } }""")]
    [InlineData("""{ "budget": { "steps": 81 }, "parameters": {} }""")]
    [InlineData("""{ "budget": { "steps": 81 }, "parameters": { "tied": { "type": "boolean" } } }""")]
    [InlineData("""{ "budget": { "steps": 81 }, "parameters": { "width": { "type": "int", "min": 1 } } }""")]
    [InlineData("""{ "budget": { "steps": 81 }, "parameters": { "width": { "type": "int", "min": 1.5, "max": 2 } } }""")]
    [InlineData("""{ "budget": { "steps": 81 }, "parameters": { "width": { "type": "int", "min": 1, "max": 2, "values": [1] } } }""")]
    [InlineData("""{ "budget": { "steps": 81 }, "parameters": { "width": { "type": "choice", "values": [] } } }""")]
    [InlineData("""{ "budget": { "steps": 81 }, "parameters": { "width": { "type": "int", "min": 1, "max": 2, "scale": "ln" } } }""")]
    [InlineData("""{ "budget": { "steps": 81 }, "parameters": { "tied": { "type": "bool" } }, "trials": 0 }""")]
    [InlineData("""{ "budget": { "steps": 81 }, "parameters": { "tied": { "type": "bool", "prior": {} } } }""")]
    [InlineData("""{ "budget": { "steps": 9 }, "parameters": { "tied": { "type": "bool", "prior": { "value": 1, "confidence": 1 } } } }""")]
    [InlineData("""{ "budget": { "steps": 81 }, "parameters": { "tied": { "type": "bool", "prior": { "value": [1] } } } }""")]
    [InlineData("""{ "budget": { "steps": 81 }, "parameters": { "tied": { "type": "bool", "prior": true } } }""")]
    [InlineData("""{ "budget": { "steps": 81 }, "parameters": { "tied": { "type": "bool" } }, "sed": 0 }""")]
    [InlineData("""{ "budget": { "steps": 81 }, "parameters": { "tied": { "type": "bool" } }, "scheduler": { "type": "sha" } }""")]
    [InlineData("""{ "budget": { "steps": 81 }, "parameters": { "tied": { "type": "bool" } }, "sampler": { "type": "grid" } }""")]
    [InlineData("""{ "budget": { "steps": 81 }, "parameters": { "tied": { "type": "bool" } }, "disturbance": { "policy": "ignore" } }""")]
    [InlineData("""{ "budget": { "steps": 81 }, "parameters": { "tied": { "type": "bool" } }, "disturbance": { "share": 1 } }""")]
    [InlineData("""{ "budget": { "steps": 81 }, "parameters": { "tied": { "type": "bool" } }, "keep": "best" }""")]
    [InlineData("""{ "budget": { "steps": 81 }, "parameters": { "tied": { "type": "bool" } }, "keep": ["all"] }""")]
    [InlineData("""{ "budget": { "steps": 81 }, "parameters": { "tied": { "type": "bool" } }, "finalists": 2 }""")]
    [InlineData("""{ "budget": { "steps": 81 }, "parameters": { "tied": { "type": "bool" } }, "finalists": { "count": 0 } }""")]
    [InlineData("""{ "budget": { "steps": 81 }, "parameters": { "tied": { "type": "bool" } }, "finalists": { "repeats": 65 } }""")]
    [InlineData("""{ "budget": { "steps": 81 }, "parameters": { "tied": { "type": "bool" } }, "note": "" }""")]
    [InlineData("""{ "budget": { "steps": 81 }, "parameters": { "tied": { "type": "bool" } }, "note": 7 }""")]
    [InlineData("""{ "budget": { "steps": 81 }, "parameters": { "tied": { "type": "bool" } }, "objective": { "metric": "speed" } }""")]
    [InlineData("""{ "budget": { "steps": 81 }, "parameters": { "tied": { "type": "bool" } }, "constraints": "width < 3" }""")]
    [InlineData("""{ "budget": { "steps": 81 }, "parameters": { "tied": { "type": "bool" } }, "fixed": { "width": [1] } }""")]
    [InlineData("""{ "budget": { "steps": 81 }, "parameters": { "tied": { "type": "bool" } }, "name": "two words" }""")]
    [InlineData("""{ "budget": { "steps": 81 }, "parameters": { "tied": { "type": "bool" } }, "start": "defaults" }""")]
    [InlineData("""{ "budget": { "steps": 81 }, "parameters": { "tied": { "type": "bool" } }, "start": ["default"] }""")]
    [InlineData("""{ "budget": { "steps": 81 }, "parameters": { "tied": { "type": "bool" } }, "control": 1 }""")]
    [InlineData("""{ "budget": { "steps": 81 }, "parameters": { "tied": { "type": "bool" } }, "stop": "2h" }""")]
    [InlineData("""{ "budget": { "steps": 81 }, "parameters": { "tied": { "type": "bool" } }, "stop": { "after": "soon" } }""")]
    [InlineData("""{ "budget": { "steps": 81 }, "parameters": { "tied": { "type": "bool" } }, "stop": { "after": 7200 } }""")]
    public async Task Wrong_files_fit_neither_the_schema_nor_the_reader(string json)
    {
        Assert.NotEmpty((await Schema).Validate(json));
        Assert.NotEmpty(SpaceFiles.Problems(json));
    }
}
