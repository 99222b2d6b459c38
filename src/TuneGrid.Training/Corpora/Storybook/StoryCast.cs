namespace TuneGrid.Training.Corpora.Storybook;

/// <summary>Chooses who and what a story is about. Nobody meets a namesake and no second choice equals the first.</summary>
internal static class StoryCast
{
    private static readonly Role[] s_roles = Enum.GetValues<Role>();
    private static readonly (Role Role, Word[] Words)[] s_drawn = [.. s_roles.Where(StoryPools.ForRoles.ContainsKey).Select(role => (role, StoryPools.ForRoles[role]))];

    /// <param name="opening">The digits of the first sentence: name, trait and home. Everything else is up to the dice.</param>
    public static Word[] Choose(bool isAnimal, long opening, ref Randomness randomness)
    {
        var cast = new Word[s_roles.Length];
        foreach (var (role, words) in s_drawn)
            cast[(int)role] = randomness.Pick(words);
        var name = (int)(opening % StoryWords.Names.Length);
        opening /= StoryWords.Names.Length;
        var trait = (int)(opening % StoryWords.Traits.Length);
        cast[(int)Role.Trait] = StoryWords.Traits[trait];
        cast[(int)Role.Home] = StoryWords.Homes[(int)(opening / StoryWords.Traits.Length)];
        Introduce(cast, name, isAnimal, Role.Hero, ref randomness);
        Introduce(cast, Other(StoryWords.Names, name, ref randomness), isAnimal, Role.Friend, ref randomness);
        cast[(int)Role.Trait2] = StoryWords.Traits[Other(StoryWords.Traits, trait, ref randomness)];
        cast[(int)Role.Parent] = randomness.Pick(StoryWords.Parents);
        cast[(int)Role.Elder] = randomness.Pick(StoryWords.Elders);
        cast[(int)Role.Thing2] = Another(cast, Role.Thing, ref randomness);
        cast[(int)Role.Color2] = Another(cast, Role.Color, ref randomness);
        return cast;
    }

    private static void Introduce(Word[] cast, int name, bool isAnimal, Role role, ref Randomness randomness)
    {
        var isGirl = name < StoryWords.Girls;
        var pronouns = isGirl ? StoryWords.WomanlyPronouns : StoryWords.ManlyPronouns;
        var kind = isAnimal ? randomness.Pick(StoryWords.Kinds) : isGirl ? StoryWords.Girl : StoryWords.Boy;
        cast[(int)role] = StoryWords.Names[name];
        cast[(int)(role == Role.Hero ? Role.Kind : Role.Kind2)] = kind;
        cast[(int)(role == Role.Hero ? Role.He : Role.He2)] = pronouns[0];
        cast[(int)(role == Role.Hero ? Role.Him : Role.Him2)] = pronouns[1];
        cast[(int)(role == Role.Hero ? Role.His : Role.His2)] = pronouns[2];
        if (role == Role.Hero)
            cast[(int)Role.Himself] = pronouns[3];
    }

    private static Word Another(Word[] cast, Role first, ref Randomness randomness)
    {
        var words = StoryPools.ForRoles[first];
        return words[Other(words, Array.IndexOf(words, cast[(int)first]), ref randomness)];
    }

    private static int Other(Word[] words, int taken, ref Randomness randomness) => (taken + 1 + randomness.Next(words.Length - 1)) % words.Length;
}
