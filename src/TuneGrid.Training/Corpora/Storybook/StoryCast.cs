using TuneGrid.Training.Randomness;

namespace TuneGrid.Training.Corpora.Storybook;

/// <summary>Chooses who and what a story is about. Nobody meets a namesake and no second choice equals the first.</summary>
internal static class StoryCast
{
    private static readonly Role[] Roles = Enum.GetValues<Role>();
    private static readonly (Role Role, Word[] Words)[] Drawn =
    [
        .. Roles.Where(StoryPools.ForRoles.ContainsKey).Select(role => (role, StoryPools.ForRoles[role])),
    ];

    /// <param name="opening">The digits of the first sentence: name, trait and home. Everything else is up to the dice.</param>
    public static Word[] Choose(bool isAnimal, long opening, ref SplitMix64 random)
    {
        var cast = new Word[Roles.Length];
        foreach (var (role, words) in Drawn)
            cast[(int)role] = random.Pick(words);
        var name = (int)(opening % StoryWords.Names.Length);
        opening /= StoryWords.Names.Length;
        var trait = (int)(opening % StoryWords.Traits.Length);
        cast[(int)Role.Trait] = StoryWords.Traits[trait];
        cast[(int)Role.Home] = StoryWords.Homes[(int)(opening / StoryWords.Traits.Length)];
        Introduce(cast, name, isAnimal, Role.Hero, ref random);
        Introduce(cast, Other(StoryWords.Names, name, ref random), isAnimal, Role.Friend, ref random);
        cast[(int)Role.Trait2] = StoryWords.Traits[Other(StoryWords.Traits, trait, ref random)];
        cast[(int)Role.Parent] = random.Pick(StoryWords.Parents);
        cast[(int)Role.Elder] = random.Pick(StoryWords.Elders);
        cast[(int)Role.Thing2] = Another(cast, Role.Thing, ref random);
        cast[(int)Role.Color2] = Another(cast, Role.Color, ref random);
        return cast;
    }

    private static void Introduce(Word[] cast, int name, bool isAnimal, Role role, ref SplitMix64 random)
    {
        var isGirl = name < StoryWords.Girls;
        var pronouns = isGirl ? StoryWords.WomanlyPronouns : StoryWords.ManlyPronouns;
        var kind = isAnimal ? random.Pick(StoryWords.Kinds) : isGirl ? StoryWords.Girl : StoryWords.Boy;
        cast[(int)role] = StoryWords.Names[name];
        cast[(int)(role == Role.Hero ? Role.Kind : Role.Kind2)] = kind;
        cast[(int)(role == Role.Hero ? Role.He : Role.He2)] = pronouns[0];
        cast[(int)(role == Role.Hero ? Role.Him : Role.Him2)] = pronouns[1];
        cast[(int)(role == Role.Hero ? Role.His : Role.His2)] = pronouns[2];
        if (role == Role.Hero)
            cast[(int)Role.Himself] = pronouns[3];
    }

    private static Word Another(Word[] cast, Role first, ref SplitMix64 random)
    {
        var words = StoryPools.ForRoles[first];
        return words[Other(words, Array.IndexOf(words, cast[(int)first]), ref random)];
    }

    private static int Other(Word[] words, int taken, ref SplitMix64 random) => (taken + 1 + random.Next(words.Length - 1)) % words.Length;
}
