using TuneGrid.Search.Observations;
using TuneGrid.Search.Sampling;
using TuneGrid.Search.Space;
using TuneGrid.Search.Tests.Reading;
using TuneGrid.Search.Tests.Space;

namespace TuneGrid.Search.Tests.Sampling;

/// <summary>What holds for every sampler that learns from the history.</summary>
public class ModelSamplingTests
{
    public static TheoryData<string> Samplers => ["tpe", "priorband"];

    [Theory]
    [MemberData(nameof(Samplers))]
    public void The_same_history_gives_the_same_proposal(string sampler)
    {
        var space = Toy.Space(sampler);
        var (first, second) = (new Toy(space), new Toy(space));
        first.Run(40);
        second.Run(40);
        var fresh = TuneGrid.Search.Sampling.Samplers.Create(space, FakeCatalog.Instance);
        Assert.Equal(first.Sampler.Propose(first.History), second.Sampler.Propose(second.History));
        Assert.Equal(first.Sampler.Propose(first.History), fresh.Propose(first.History));
        Assert.Equal(sampler, fresh.Propose(first.History).Why.By);
    }

    [Theory]
    [MemberData(nameof(Samplers))]
    public void Good_configurations_are_found_far_sooner_than_by_chance(string sampler)
    {
        var (blind, modelled) = (new List<double>(), new List<double>());
        for (var seed = 0; seed < 9; seed++)
        {
            var (random, model) = (new Toy(Toy.Space("random", seed)), new Toy(Toy.Space(sampler, seed)));
            random.Run(60);
            model.Run(60);
            blind.Add(random.Best);
            modelled.Add(model.Best);
        }
        var (half, median) = (0.5 * blind.Order().ElementAt(4), modelled.Order().ElementAt(4));
        Assert.True(median < half, $"{median}: {string.Join(' ', modelled)}; {half}: {string.Join(' ', blind)}");
    }

    [Theory]
    [MemberData(nameof(Samplers))]
    public void Nothing_is_tried_twice_before_all_was_tried(string sampler)
    {
        const string Json = """
            { "budget": { "steps": 81 }, "parameters": {
                "width": { "type": "int", "min": 32, "max": 256, "step": 32 },
                "tied": { "type": "bool" },
                "optimizer": { "type": "choice", "values": ["muon", "adamw"] },
                "beta2": { "type": "choice", "values": [0.9, 0.95], "when": { "optimizer": "adamw" } } },
              "constraints": ["width != 96"] }
            """;
        var toy = new Toy(SpaceFiles.Valid(Json, $"sampler.type={sampler}"), c => c["width"].Number, false);
        toy.Run(42);
        Assert.Equal(42, toy.History.Trials.Select(t => t.Configuration).Distinct().Count());
        toy.Run(3);
        Assert.Equal(45, toy.History.Trials.Count);
    }

    [Theory]
    [MemberData(nameof(Samplers))]
    public void Silos_that_ask_side_by_side_get_different_configurations(string sampler)
    {
        var toy = new Toy(Toy.Space(sampler));
        toy.Run(30);
        for (var silo = 0; silo < 50; silo++)
            toy.Propose();
        Assert.Equal(80, toy.History.Trials.Select(t => t.Configuration).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Samplers))]
    public void Whatever_is_proposed_belongs_to_the_space(string sampler)
    {
        for (var seed = 0ul; seed < 25; seed++)
        {
            var space = SpaceFiles.Valid(ArbitrarySpace.Json(seed), $"sampler.type={sampler}");
            var toy = new Toy(space, c => c.Count, false);
            toy.Run(25);
            Assert.All(toy.History.Trials, t => SampleCheck.Holds(space, t.Configuration));
        }
    }

    [Fact]
    public void Where_training_diverges_less_is_tried()
    {
        var shares = new List<double>();
        for (var seed = 0; seed < 5; seed++)
        {
            var toy = new Toy(Toy.Space("tpe", seed), c => c["learning_rate"].Number > 0.01 ? double.NaN : 1 - (c["width"].Number / 1e4));
            toy.Run(60);
            shares.Add(toy.History.Trials.Skip(30).Average(t => t.Status == ObservationStatus.Failed ? 1.0 : 0));
        }
        Assert.InRange(shares.Average(), 0, 0.2);
    }

    [Fact]
    public void Priors_are_looked_at_first_and_left_when_they_are_wrong()
    {
        var toy = new Toy(Toy.Space("tpe", 0, "{ \"value\": 0.1, \"confidence\": \"high\" }"));
        toy.Run(8);
        Assert.InRange(toy.History.Trials.Count(t => t.Configuration["learning_rate"].Number > 0.01), 4, 8);
        toy.Run(72);
        Assert.InRange(toy.History.Trials.Skip(60).Count(t => t.Configuration["learning_rate"].Number > 0.03), 0, 4);
    }

    [Fact]
    public void Priors_that_explain_nothing_lose_their_share_to_the_incumbent()
    {
        var toy = new Toy(Toy.Space("priorband", 0, "{ \"value\": 0.1, \"confidence\": \"high\" }"));
        Assert.Contains("uniform 0.50, priors 0.50, incumbent 0.00", toy.Sampler.Propose(toy.History).Why.Text!, StringComparison.Ordinal);
        toy.Run(40);
        Assert.Contains("uniform 0.10, priors 0.0", toy.Sampler.Propose(toy.History).Why.Text!, StringComparison.Ordinal);
        Assert.InRange(toy.History.Trials.Skip(20).Count(t => t.Configuration["learning_rate"].Number > 0.03), 0, 4);
    }

    [Fact]
    public void A_proposal_says_why_it_was_made()
    {
        var (tpe, band) = (new Toy(Toy.Space("tpe")), new Toy(Toy.Space("priorband")));
        Assert.Equal("spread over the space: 0 of the 10 scores that the model needs", tpe.Sampler.Propose(tpe.History).Why.Text);
        Assert.Equal("drawn uniformly; shares: uniform 1.00, priors 0.00, incumbent 0.00", band.Sampler.Propose(band.History).Why.Text);
        tpe.Run(40);
        band.Run(40);
        Assert.Matches("^the best 4 of 40 at 81 steps; density ratio [0-9.]+$", tpe.Sampler.Propose(tpe.History).Why.Text!);
        var why = band.Sampler.Propose(band.History).Why.Text!;
        Assert.EndsWith("shares: uniform 0.10, priors 0.00, incumbent 0.90", why, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_proposals_of_models_never_change_between_releases()
    {
        // A ledger replayed by a later release, and on another machine, must propose the same.
        var (tpe, band) = (new Toy(Toy.Space("tpe")), new Toy(Toy.Space("priorband")));
        tpe.Run(30);
        band.Run(30);
        Assert.Equal(
            "learning_rate=0.00241355, width=240, momentum=0.933211, optimizer=muon: the best 3 of 30 at 81 steps; density ratio 2.6",
            Shown(tpe));
        Assert.Equal(
            "learning_rate=0.00313451, width=144, momentum=0.931477, optimizer=muon: "
            + "a change of t25, the best at 81 steps; shares: uniform 0.10, priors 0.00, incumbent 0.90",
            Shown(band));
    }

    private static string Shown(Toy toy)
    {
        var (configuration, why) = toy.Sampler.Propose(toy.History);
        return $"{configuration}: {why.Text}";
    }
}
