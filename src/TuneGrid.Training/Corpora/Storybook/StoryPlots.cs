namespace TuneGrid.Training.Corpora.Storybook;

/// <summary>
/// The plots: a line is a beat of one or more sentences, an indented one goes on with it, an empty line ends a paragraph. Patterns used by
/// several plots come first; a pattern may use those before it. See <see cref="Template"/> for the notation. Order and wording are part of
/// the text: only a new version may change them.
/// </summary>
internal static partial class StoryPlots
{
    private const string Continuation = "\n  ";

    private static readonly (string Name, string[] Options)[] Shared =
    [
        ("opening", [
            "Once upon a time, there was {a:trait} {kind} named {hero} who lived {home}.",
            "Once upon a time, {a:trait} {kind} named {hero} lived {home}.",
            "There was once {a:trait} {kind} called {hero}. {He} lived {home}.",
            "{Hero} was {a:trait} {kind} who lived {home}.",
            "{Home} lived {a:trait} {kind}. {His} name was {hero}.",
            "Long ago, there lived {a:trait} {kind} {home}. Everyone called {him} {hero}."]),
        ("meet", [
            "{His} best friend was {a:trait2} {kind2} named {friend}.",
            "{Hero} had a friend called {friend}, {a:trait2} {kind2}.",
            "{He} loved to play {game} with {his} friend {friend}, who was {a:trait2} {kind2}.",
            "Next door lived {friend}, {a:trait2} {kind2}, and the two played together every {day}."]),
        ("outing", [
            "{Time}, {hero} {ran} to the {place}.",
            "{Time}, {hero} went to the {place} with {parent}.",
            "One {weather} {day}, {hero} {ran} to the {place}.",
            "It was {a:season} morning. {Sky}. {Hero} {ran} to the {place}.",
            "One {weather} morning, {hero} took the {vehicle} to the {place}."]),
        ("weathered", [
            "{Sky}.", "It was {a:weather} day.", "It was {a:nice} {season} day.", "", ""]),
        ("thanks", [
            "\"Thank you, {friend}!\" {said} {hero}.",
            "\"Thank you so much,\" {said} {hero}, and {he} gave {friend} {a:big} hug.",
            "{Hero} hugged {friend} and thanked {him2} again and again.",
            "\"You are the best friend in the world,\" {hero} {said}."]),
        ("learnedsharing", [
            "From that day on, {hero} always shared what {he} had.",
            "{Hero} learned that sharing makes everything more fun.",
            "And {hero} knew that a thing is twice as {nice} when two can enjoy it."]),
        ("learnedtruth", [
            "{Hero} learned that it is always better to tell the truth.",
            "After that, {hero} never told a lie again.",
            "{Hero} understood that being honest can be hard, but it makes the heart light."]),
        ("bedtime", [
            "That night, {hero} {nap} with the {color} {thing} beside {him}.",
            "When the stars came out, {hero} was {tired} and {happy}.",
            "In bed, {hero} told {parent} all about it, and then {he} fell asleep with a smile.",
            "And {hero} and {friend} stayed friends for ever.",
            ""]),
    ];

    /// <summary>Every plot as its beats.</summary>
    public static Template[][] Parse()
    {
        var lexicon = new StoryLexicon();
        foreach (var (name, words) in StoryPools.Fresh)
            lexicon.Pools.Add(name, words);
        foreach (var (name, options) in Shared)
            lexicon.Patterns.Add(name, [.. options.Select(option => Template.Parse(option, lexicon))]);
        return [.. Everyday.Concat(Adventures).Select(plot => Beats(plot, lexicon))];
    }

    private static Template[] Beats(string plot, StoryLexicon lexicon) =>
        [.. plot.Replace(Continuation, " ", StringComparison.Ordinal).Split('\n')
            .Select(line => Template.Parse(line.Length == 0 ? "\n" : line, lexicon))];
}
