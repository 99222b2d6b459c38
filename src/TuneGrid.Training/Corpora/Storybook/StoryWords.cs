namespace TuneGrid.Training.Corpora.Storybook;

/// <summary>
/// The people of the stories, and what the first sentence says of them. The order is part of the text: only a new version may change it.
/// </summary>
internal static class StoryWords
{
    private const string GirlNames = """
        Abby,Ada,Alice,Amber,Amy,Anna,April,Aria,Bella,Beth,Betty,Bonnie,Carla,Celia,Chloe,Clara,Cora,Daisy,Dana,Della,Dora,Eliza,Ella,
        Elsie,Emily,Emma,Erin,Esme,Eva,Faye,Fiona,Flora,Freya,Gemma,Gina,Grace,Greta,Hannah,Hazel,Heidi,Helen,Holly,Ida,Ingrid,Irene,Iris,
        Isla,Ivy,Jane,Jenny,Jill,Josie,Joy,Julia,June,Kara,Kate,Kim,Lara,Laura,Leah,Lena,Lila,Lily,Lola,Lucy,Luna,Mabel,Maddie,Maria,Martha,
        Maya,Meg,Mia,Millie,Mina,Molly,Nancy,Nell,Nina,Nora,Olive,Opal,Paula,Pearl,Penny,Pia,Polly,Poppy,Rita,Robin,Rosa,Rosie,Ruby,Ruth,
        Sadie,Sally,Sara,Selma,Sofia,Stella,Sue,Suzy,Tessa,Tilly,Tina,Uma,Vera,Violet,Wanda,Wendy,Willa,Zara,Zoe
        """;

    private const string BoyNames = """
        Aaron,Adam,Alan,Albert,Alex,Alfie,Andy,Anton,Archie,Arlo,Arthur,Ben,Bert,Billy,Bob,Boris,Bruno,Caleb,Carl,Charlie,Cody,Colin,Dan,
        David,Dean,Dexter,Dylan,Eddie,Eli,Eric,Ethan,Evan,Felix,Finn,Frank,Fred,Gabe,George,Gus,Hank,Harry,Henry,Hugo,Ian,Isaac,Jack,Jacob,
        Jake,Jasper,Jay,Jim,Joe,Joel,John,Josh,Kai,Karl,Ken,Kevin,Kurt,Lars,Lenny,Leo,Liam,Louis,Lucas,Luke,Marco,Mark,Max,Mike,Miles,Milo,
        Nate,Ned,Neil,Nick,Noah,Oliver,Omar,Oscar,Otto,Owen,Pablo,Paul,Percy,Pete,Peter,Phil,Ralph,Ray,Remy,Rob,Roger,Ron,Roy,Sam,Scott,
        Sean,Simon,Stan,Steve,Ted,Theo,Tim,Toby,Todd,Tom,Tony,Vic,Victor,Walter,Will,Zack
        """;

    private const string TraitList = """
        little,brave,kind,shy,curious,clever,gentle,cheerful,lonely,quiet,playful,careful,silly,friendly,honest,helpful,patient,proud,
        stubborn,messy,sleepy,hungry,bold,lively,thoughtful,generous,grumpy,polite,busy,dreamy,eager,funny,tidy,small,tall,young,lazy,loyal,
        nosy,timid,wise,jolly,noisy,restless,adventurous,caring,energetic,forgetful,impatient,obedient,sweet,worried,joyful,merry,daring,
        greedy,chatty,moody,fussy,modest,sensible,tender,trusting,witty
        """;

    private const string HomeList = """
        in a small village,near the sea,on a big farm,in a busy city,by a blue lake,in a green valley,at the edge of a forest,
        on a quiet street,on top of a hill,near a wide river,in a tiny town,beside a windmill,on a sunny island,next to an old castle,
        in a cozy cottage,under a tall mountain,close to the beach,beside a dark wood,in a white house,near a golden field,
        behind the market,by the railway,not far from a waterfall,in a land of snow,near a sandy desert,across from the school,
        beside an apple orchard,in a wooden cabin,next to a lighthouse,by the old stone bridge,above the harbor,in a warm country,
        near a muddy pond,at the end of a long road,in a brick house,beside a rose garden,over the bakery,near the fire station,
        in a kingdom far away,behind a tall hedge,along a narrow path,down by the docks
        """;

    public static Word[] Names { get; } = [.. Word.List(GirlNames), .. Word.List(BoyNames)];

    public static int Girls { get; } = Word.List(GirlNames).Length;

    public static Word[] Traits { get; } = Word.List(TraitList);

    public static Word[] Homes { get; } = Word.List(HomeList);

    public static Word Girl { get; } = new("girl");

    public static Word Boy { get; } = new("boy");

    /// <summary>He, him, his, himself.</summary>
    public static Word[] ManlyPronouns { get; } = Word.List("he,him,his,himself");

    /// <summary>She, her, her, herself.</summary>
    public static Word[] WomanlyPronouns { get; } = Word.List("she,her,her,herself");

    public static Word[] Kinds { get; } = Word.List("""
        fox,rabbit,bear,mouse,cat,dog,pig,duck,hen,frog,squirrel,hedgehog,turtle,owl,lamb,goat,pony,donkey,monkey,elephant,lion,tiger,zebra,
        giraffe,penguin,beaver,badger,mole,otter,deer,panda,koala,kangaroo,puppy,kitten,chick,raccoon,hamster,camel,seal,mule,llama,rooster,
        dragon,robot
        """);

    public static Word[] Parents { get; } = Word.List("Mom,Dad,Mommy,Daddy,Mama,Papa");

    public static Word[] Elders { get; } = Word.List("Grandma,Grandpa,Granny,Uncle Ben,Aunt Rose,Uncle Tom,Aunt May,Nana");
}
