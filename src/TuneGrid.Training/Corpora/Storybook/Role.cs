namespace TuneGrid.Training.Corpora.Storybook;

/// <summary>
/// What a story remembers from its first line to its last. Templates name them in lower case; names ending in 2 belong to the friend or are
/// second choices.
/// </summary>
internal enum Role
{
    Hero, Kind, Trait, Home, He, Him, His, Himself,
    Friend, Kind2, Trait2, He2, Him2, His2,
    Parent, Elder, Creature,
    Thing, Color, Thing2, Color2, Treasure, Place, Place2, Food, Food2, Job, Tool, Clothes, Instrument, Game, Spot, Spot2, Flower, Weather,
    Season, Bird, Vehicle, Shop, Number, Material, Day, Limb, Tree, Bug, Stranger, Noise, Skill,
}
