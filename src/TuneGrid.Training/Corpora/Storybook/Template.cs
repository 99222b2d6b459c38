using System.Text;

namespace TuneGrid.Training.Corpora.Storybook;

/// <summary>
/// A sentence pattern, compiled once so that telling is copying bytes: <c>{hero}</c> a remembered role, <c>{happy}</c> a fresh word of a
/// pool or a whole pattern of that name, <c>{Hero}</c> with a capital, <c>{a:color}</c> with its article, <c>[this|that|]</c> one of
/// several patterns.
/// </summary>
internal sealed class Template
{
    private abstract record Node;
    private sealed record Literal(byte[] Text) : Node;
    private sealed record Remembered(Role Role, bool Article, bool Capital) : Node;
    private sealed record Fresh(Word[] Pool, bool Article, bool Capital) : Node;
    private sealed record Choice(Template[] Options) : Node;

    private readonly List<Node> _nodes = [];

    /// <exception cref="FormatException">The pattern is not well formed or names nothing known.</exception>
    public static Template Parse(string pattern, StoryLexicon lexicon)
    {
        var position = 0;
        var template = Parse(pattern, ref position, lexicon);
        return position == pattern.Length ? template : throw new FormatException($"']' or '|' without '[' in: {pattern}");
    }

    public void Tell(ref StoryPen pen)
    {
        foreach (var node in _nodes)
        {
            switch (node)
            {
                case Literal literal:
                    pen.Write(literal.Text);
                    break;
                case Remembered remembered:
                    pen.Write(pen.Cast[(int)remembered.Role], remembered.Article, remembered.Capital);
                    break;
                case Fresh fresh:
                    pen.Write(pen.Random.Pick(fresh.Pool), fresh.Article, fresh.Capital);
                    break;
                case Choice choice:
                    choice.Options[pen.Random.Next(choice.Options.Length)].Tell(ref pen);
                    break;
            }
        }
    }

    private static Template Parse(string pattern, ref int position, StoryLexicon lexicon)
    {
        var template = new Template();
        while (position < pattern.Length && pattern[position] is not (']' or '|'))
        {
            var start = position;
            if (pattern[position] == '[')
            {
                template._nodes.Add(ParseChoice(pattern, ref position, lexicon));
            }
            else if (pattern[position] == '{')
            {
                position = pattern.IndexOf('}', start) + 1;
                template._nodes.Add(ParseSlot(pattern[(start + 1)..(position - 1)], lexicon));
            }
            else
            {
                position = pattern.IndexOfAny(['[', ']', '|', '{'], start) is >= 0 and var end ? end : pattern.Length;
                template._nodes.Add(new Literal(Encoding.ASCII.GetBytes(pattern[start..position])));
            }
        }
        return template;
    }

    private static Choice ParseChoice(string pattern, ref int position, StoryLexicon lexicon)
    {
        var options = new List<Template>();
        do
        {
            position++;
            options.Add(Parse(pattern, ref position, lexicon));
            if (position == pattern.Length)
                throw new FormatException($"'[' without ']' in: {pattern}");
        }
        while (pattern[position] == '|');
        position++;
        return new Choice([.. options]);
    }

    private static Node ParseSlot(string slot, StoryLexicon lexicon)
    {
        var article = slot.StartsWith("a:", StringComparison.Ordinal) || slot.StartsWith("A:", StringComparison.Ordinal);
        var capital = char.IsUpper(slot[0]);
        var name = (article ? slot[2..] : slot).ToLowerInvariant();
        if (Enum.TryParse<Role>(name, ignoreCase: true, out var role))
            return new Remembered(role, article, capital);
        if (lexicon.Pools.TryGetValue(name, out var pool))
            return new Fresh(pool, article, capital);
        return lexicon.Patterns.TryGetValue(name, out var patterns)
            ? new Choice(patterns)
            : throw new FormatException($"nothing is called '{slot}'");
    }
}
