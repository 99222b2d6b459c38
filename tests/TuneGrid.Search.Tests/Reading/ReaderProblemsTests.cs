using TuneGrid.Search.Space;

namespace TuneGrid.Search.Tests.Reading;

/// <summary>What a person reads when a file is wrong.</summary>
public class ReaderProblemsTests
{
    [Fact]
    public void Every_mistake_of_a_file_is_reported_at_once()
    {
        var problems = SpaceFiles.Problems(
            """
            {
              "nmae": "x",
              "budget": { "seconds": -1 },
              "scheduler": { "type": "ahsa", "eta": 1 },
              "trials": 0,
              "parameters": {
                "widht": { "type": "int", "min": 1, "max": 2 },
                "width": { "type": "int", "min": 64, "max": 32 },
                "learning_rate": { "type": "float", "min": 0, "max": 1, "scale": "log" },
                "batch_size": { "type": "choice", "values": [] }
              },
              "fixed": { "width": 64 },
              "constraints": [ "parameters <= 8e6 &", "paramters < 3" ]
            }
            """);

        Assert.Equal(
            [
                "f.json:2:3: /nmae: unknown key 'nmae': expected one of $schema, name, note, corpus, objective, budget, scheduler, "
                + "sampler, disturbance, finalists, keep, trials, seed, parameters, fixed, constraints, start, control, stop "
                + "(did you mean 'name'?)",
                "f.json:3:26: /budget/seconds: expected a number from 0.001 to 1000000000, not -1",
                "f.json:4:26: /scheduler/type: expected one of asha, successive_halving, hyperband, random, auto, pasha, "
                + "median_stop, freeze_thaw, not \"ahsa\" (did you mean 'asha'?)",
                "f.json:4:41: /scheduler/eta: expected a whole number from 2 to 64, not 1",
                "f.json:5:13: /trials: expected a whole number from 1 to 1000000, not 0",
                "f.json:7:5: /parameters/widht: unknown parameter 'widht': expected one of width, depth, heads, context, vocabulary, "
                + "batch_size, learning_rate, momentum, beta2, weight_decay, warmup, decay, rope_base, optimizer, activation, "
                + "normalization, position, tied, qk_norm, bigram_buckets, canon (did you mean 'width'?)",
                "f.json:8:49: /parameters/width/max: max 32 is below min 64: expected min <= max",
                "f.json:9:48: /parameters/learning_rate/min: expected a number from 1E-07 to 10, not 0",
                "f.json:10:49: /parameters/batch_size/values: no choices: expected at least one value",
                "f.json:12:14: /fixed/width: 'width' is also searched under /parameters: expected it in one of the two",
                "f.json:13:39: /constraints/0: unexpected character '&'",
                "f.json:13:44: /constraints/1: unknown name 'paramters': expected a parameter or one of parameters, heads, memory_bytes "
                + "(did you mean 'parameters'?)",
            ],
            problems);
    }

    [Fact]
    public void What_is_to_be_kept_has_three_names() => Assert.Equal(
        ["f.json:1:84: /keep: expected one of champion, finalists, all, not \"finalist\" (did you mean 'finalists'?)"],
        SpaceFiles.Problems("""{ "budget": { "steps": 81 }, "parameters": { "tied": { "type": "bool" } }, "keep": "finalist" }"""));

    [Theory]
    [InlineData("seconds", "1e12", "a number from 0.001 to 1000000000")]
    [InlineData("seconds", "1e300", "a number from 0.001 to 1000000000")]
    [InlineData("joules", "1e13", "a number from 0.001 to 1000000000000")]
    [InlineData("tokens", "9007199254740991", "a whole number from 1 to 1000000000000000")]
    [InlineData("steps", "9007199254740991", "a whole number from 1 to 1000000000000")]
    public void A_budget_that_no_clock_or_counter_could_hold_is_refused(string unit, string amount, string expected) => Assert.Equal(
        [$"--set budget.{unit}={amount}:1:{9 + unit.Length}: /budget/{unit}: expected {expected}, not {amount}"],
        SpaceFiles.Problems(SpaceFiles.Small, $"budget.{unit}={amount}"));

    [Theory]
    [InlineData("", "f.json:1:1: the file is empty: expected a search space in JSON")]
    [InlineData("[]", "f.json:1:1: expected an object, not an array")]
    [InlineData("{\n  \"trials\": 1,\n}", "f.json:3:1: /trials: not JSON: a comma before the closing bracket; expected no trailing comma")]
    [InlineData("{ // none\n}", "f.json:1:3: not JSON: comments are not allowed")]
    [InlineData("{ \"trials\": NaN }", "f.json:1:13: /trials: not JSON: 'N' is an invalid start of a value.")]
    [InlineData("{ \"name\": \"\\ud800\" }", "f.json:1:11: /name: this text holds half a surrogate pair: expected valid Unicode")]
    public void What_is_no_JSON_object_is_one_problem_with_its_place(string json, string problem) =>
        Assert.Equal([problem], SpaceFiles.Problems(json));

    [Theory]
    [InlineData("""{ "name": "é", "trials": 1.5, """, "/trials", 26)]
    [InlineData("""{ "trials": 1e999, """, "/trials", 13)]
    [InlineData("""{ "trials": 3, "trials": 4, """, "/trials", 16)]
    [InlineData("""{ "seed": -1, """, "/seed", 11)]
    [InlineData("""{ "sampler": { "type": "sobel" }, """, "/sampler/type", 24)]
    [InlineData("""{ "objective": { "metric": "bits_per_bite" }, """, "/objective/metric", 28)]
    [InlineData("""{ "objective": { "goal": "maximize" }, """, "/objective/goal", 26)]
    [InlineData("""{ "scheduler": { "rungs": 6 }, """, "/scheduler/rungs", 27)]
    [InlineData("""{ "fixed": { "activation": "swigul" }, """, "/fixed/activation", 28)]
    [InlineData("""{ "fixed": { "tied": 1 }, """, "/fixed/tied", 22)]
    public void One_wrong_field_is_found_where_it_stands(string start, string pointer, int column)
    {
        var problem = SpaceFiles.Read(start + SpaceFiles.Small[1..]).Problems.Where(p => p.Pointer != "/name").ToList();
        Assert.Equal((pointer, 1, column), (Assert.Single(problem).Pointer, problem[0].Line, problem[0].Column));
    }

    [Theory]
    [InlineData(
        """{ "type": "int", "min": 64, "max": 100, "step": 32 }""",
        "step 32 does not fit: from 64 it reaches 96 and 128, not max 100")]
    [InlineData("""{ "type": "float", "min": 1, "max": 2 }""", "expected one of int, choice, not \"float\"")]
    [InlineData("""{ "type": "int", "min": 1 }""", "'max' is missing: expected for example \"max\": 8")]
    [InlineData("""{ "type": "int", "min": 1, "max": 5000 }""", "expected a whole number from 1 to 4096, not 5000")]
    [InlineData("""{ "type": "choice", "values": [1, 1.0] }""", "1.0 is given twice: expected each value once")]
    [InlineData("""{ "type": "choice", "values": [1], "min": 3 }""", "unknown key 'min': expected one of type, values, when, prior")]
    [InlineData("""{ "type": "int", "min": 1, "max": 2, "when": { "width": 1 } }""", "'width' depends on itself through 'when'")]
    [InlineData(
        """{ "type": "int", "min": 1, "max": 2, "when": { "tied": true } }""",
        "'tied' is neither searched nor fixed here, so it is always false: expected a parameter of this space")]
    [InlineData(
        """{ "type": "int", "min": 1, "max": 2, "when": { "depth": 9 } }""",
        "'depth' is never 9 in this space: expected a value in its range and on its steps")]
    [InlineData(
        "64",
        "expected an object such as { \"type\": \"int\", \"min\": 1, \"max\": 8 }, not 64; a single value belongs under /fixed")]
    public void One_wrong_parameter_says_what_was_expected(string width, string message)
    {
        const string Depth = """{ "type": "int", "min": 1, "max": 8 }""";
        var json = $$"""{ "budget": { "steps": 81 }, "parameters": { "depth": {{Depth}}, "width": {{width}} } }""";
        Assert.Equal(message, Assert.Single(SpaceFiles.Read(json).Problems).Message);
    }

    [Fact]
    public void Missing_and_double_budgets_are_refused()
    {
        var missing = """{ "parameters": { "tied": { "type": "bool" } } }""";
        Assert.Equal(
            "'budget' is missing: expected for example \"budget\": { \"seconds\": 300 }", SpaceFiles.Read(missing).Problems[0].Message);
        var both = """{ "budget": { "steps": 81, "seconds": 3 }, "parameters": { "tied": { "type": "bool" } } }""";
        Assert.Equal("expected exactly one of seconds, tokens, steps, joules, not 2", SpaceFiles.Read(both).Problems[0].Message);
    }

    [Fact]
    public void A_space_without_configurations_names_the_constraint_to_blame()
    {
        const string Constraints = """{ "constraints": ["depth > 0", "parameters < 1"], """;
        var problem = Assert.Single(SpaceFiles.Read(Constraints + SpaceFiles.Small[1..]).Problems);
        Assert.Equal("/constraints", problem.Pointer);
        Assert.Contains("parameters < 1", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flood_of_mistakes_is_cut_short()
    {
        var json = "{" + string.Concat(Enumerable.Range(0, 5000).Select(i => $"\"k{i}\": 0,")) + SpaceFiles.Small[1..];
        Assert.Equal(101, SpaceFiles.Read(json).Problems.Count);
    }

    [Fact]
    public void A_byte_order_mark_is_no_mistake() => SpaceFiles.Valid("\uFEFF" + SpaceFiles.Small);

    [Fact]
    public void The_name_defaults_to_the_file() => Assert.Equal("f", SpaceFiles.Valid(SpaceFiles.Small).Name);
}
