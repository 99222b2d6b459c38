namespace TuneGrid.Training.Corpora.Storybook;

/// <summary>Losing, sharing, breaking, mending, learning: the plots of ordinary days.</summary>
internal static partial class StoryPlots
{
    private static readonly string[] Everyday =
    [
        // Something is lost, and a friend finds it.
        """
        {opening} {meet}
        {Hero} had {a:color} {thing}. [It was a present from {elder}.|{He} took it everywhere.|{Elder} had made it just for {him}.]

        {outing} [{He} put {his} {thing} down to pick {a:flower}.|{He} stopped to watch {a:bug}, and the {thing} slipped out of {his}
          hands.|{He} played so hard that {he} forgot all about the {thing}.]
        [When it was time to go home|A little later|After {number} minutes], the {thing} was gone. "{Exclaim}! Where is my {color} {thing}?"
          cried {hero}. {He} felt very {sad}.
        {He} {looked} {spot}, but [there was only {a:color2} {thing2}|it was not there|nothing was there but dust].

        Then {friend} came along. "Why are you crying?" {he2} {asked}. "I lost my {thing}," {said} {hero}. "[Do not worry|Dry your
          tears|Cheer up], I will help you," {said} {friend}.
        They {looked} everywhere. At last {friend} {looked} {spot2}, and there it was! "{Hooray}! Here is your {thing}!" {he2} shouted.
        {thanks} [From then on, {hero} took better care of {his} {thing}.|{Hero} promised never to leave the {thing} alone again.|{Hero}
          learned that a good friend helps when you are {sad}.]
        {bedtime}
        """,
        // Not wanting to share, then sharing.
        """
        {opening} {meet}
        {Time}, {parent} gave {hero} {a:nice} {color} {thing}. {Hero} was so {happy} that {he} [jumped up and down|danced around the
          room|could not stop smiling].

        {Friend} saw it and {asked}, "{Please}, may I play with your {thing}?" But {hero} held it tight. "No, it is mine!" {he} {said}.
          {Friend} looked {sad} and [went away|walked home alone|sat down {spot2}].
        {Hero} played alone in the {place}. [Soon it was boring.|After a while it was no fun at all.|The {thing} was {nice}, but the {place}
          was much too quiet.] {He} [thought about|remembered|missed] {friend}.

        So {hero} {ran} to {friend}'s house. "I am sorry I was selfish," {he} {said}. "[Let us play together|You can have the first turn|We
          can take turns]." {Friend} {smiled}. "[I forgive you|That is kind of you|I would love to]," {he2} {said}.
        [They played with the {color} {thing} until it was dark.|{Friend} brought {his2} {color2} {thing2} too, and they had twice the
          fun.|They laughed and played all day long.] {learnedsharing}
        """,
        // Something breaks; the truth is told.
        """
        {opening} {He} lived with {his} {elder}, who had {a:nice} {color} {thing}.
        "You may look at the {thing}, but please do not touch it," {elder} always said.

        {Time}, when {elder} was in the {place}, {hero} [wanted to see it better|could not wait any longer|climbed on a chair]. {He} picked
          up the {thing}. {exclaim}! It slipped and fell with {a:loud} {noise}. Now it was broken.
        {Hero} was {scared}. [{He} hid the pieces {spot}.|{He} pushed the pieces {spot}.|{He} swept up the pieces and put them {spot}.]

        When {elder} came back, it was plain that {hero} did not want {his} {food}. "What is wrong, {hero}?" asked {elder}. {Hero} began to
          cry. "I broke your {color} {thing}, and I hid it {spot}," {he} {said}. "I am very sorry."
        [{Elder} was quiet for a moment.|{Elder} took {hero} by the hand.|{Elder} looked {sad} at first.] "Thank you for telling me the
          truth," {elder} {said}. "[{A:thing} can be mended|We can fix it together|Your honest heart is worth more than any {thing}]."
        They got some glue and [worked until the {thing} was whole again|put all {number} pieces together|soon it looked almost like new].
          {learnedtruth}
        """,
        // Learning a skill by practice.
        """
        {opening} More than anything, {he} wanted to learn how to {skill}.
        {outing} There {he} saw {friend}, {a:trait2} {kind2}, who could {skill} very well. "{Hooray}!" {said} {hero}. "Can you teach me?"
          "Of course," {said} {friend}.

        {Hero} tried, but [{he} fell down and hurt {his} {limb}|it was too hard|everything went wrong]. "I can't do it!" {he} cried. {He}
          felt {sad} and wanted to give up.
        "[Nobody is perfect the first time|I fell {number} times before I could do it|You only need to practice]," {said} {friend}. "Try
          again, but this time go {slowly}."
        So {hero} tried again, and again, every day for {number} days. {friend} helped {him}, and {parent} brought them {food2} when they
          were hungry.

        [Then, one {weather} {day}|At last|And then], {hero} could {skill}! "{Hooray}! I did it!" {he} shouted. {Parent} and {friend}
          clapped their hands.
        [{Hero} learned that practice makes things easy.|{Hero} was proud because {he} had not given up.|Now {hero} teaches other children
          how to {skill}, and {he} always tells them to keep trying.]
        {bedtime}
        """,
        // Making a present.
        """
        {opening} Soon it would be {friend}'s birthday, and {hero} wanted to give {him2} {a:nice} present.
        But {hero} had no money. {He} {looked} in the {shop} window and saw {a:color2} {thing2}, but it cost {number} coins. {He} felt
          {sad}.

        "[You can make something yourself|The best presents are made by hand|You do not need coins to be kind]," {said} {parent}. So {hero}
          took some {material}, {a:tool} and {number} buttons, and {he} worked all [morning|afternoon|day] at the table.
        [It was not easy, and once {he} hurt {his} {limb}.|The {material} broke, and {he} had to start again.|{He} worked so hard that {he}
          forgot to eat {his} {food}.] But at last there was {a:color} {thing} made of {material}.

        On {day}, {friend} opened the box. "{Hooray}! {A:color} {thing}!" {friend} {said}. "Where did you buy it?" "I made it for you,"
          {said} {hero}. {friend} was so {happy} that {he2} [hugged {hero}|almost cried|ran to show it to everyone].
        "It is better than anything in the {shop}," {he2} {said}. [{Hero} learned that love is the best part of a present.|And {hero} felt
          warm inside.|They ate some {food2} and played {game} until the moon came up.]
        """,
        // Being afraid of a noise at night.
        """
        {opening} {He} was afraid of the dark.
        One {weather} night, {hero} was in bed with {his} {color} {thing} when {he} heard {a:loud} {noise}. It came from the {place2}.
          "{Exclaim}! What was that?" {he} whispered. {He} pulled the blanket over {his} head.

        The {noise} came again. {Hero} was {scared}, but {he} was curious, too. [{He} held the {thing} tight and {ran} to the {place2}.|{He}
          woke {friend}, and they tiptoed to the {place2} together.|{He} took a candle and went {slowly} to the {place2}.]
        In the corner {he} saw two {big} eyes. "Who is there?" {asked} {hero}. Then {he} began to laugh. It was only {a:small} {bird} that
          [had lost its way|was stuck behind {a:thing2}|could not get out of an old {clothes}]!

        "You poor thing, you were {scared} too," {said} {hero}. {He} gave the {bird} some {food2} and [opened the window|carried it
          outside|set it free]. The {bird} sang a song and flew away.
        After that, {hero} was not afraid of the dark any more, because {he} knew that [{a:loud} noise can come from {a:small} friend|a
          scary thing is often just a little thing you cannot see yet|it helps to look before you run].
        """,
        // Growing something.
        """
        {opening} One {season} day, {elder} gave {him} {a:small} seed. "[If you are patient, you will get {a:flower}|Take good care of
          it|Give it water every day]," {said} {elder}.
        {Hero} dug a hole {spot2} with [a spoon|a shovel|a stick|{his} hands] and put the seed inside the earth. {He} gave it water and
          waited. But nothing happened. "Why does it not grow?" {he} asked {parent}. "Good things take time," {said} {parent}.

        {friend}, {a:trait2} {kind2}, laughed. "It is only a stone! Come and play {game}." But {hero} [shook {his} head|did not
          listen|stayed]. Every day {he} brought water in {a:color} cup. {He} sang to the seed, and {he} chased away the {creature} that
          wanted to eat it.
        After {number} days, there was {a:small} green leaf. After {number} weeks, there was {a:nice} {flower}. It was the most {nice}
          {flower} in the whole {place}.

        Even {friend} was surprised. "I am sorry that I laughed," {he2} {said}. "[May I help you now?|Will you show me how?|I wish I had one
          too.]" {Hero} {smiled} and gave {friend} a new seed.
        [They learned that patience brings flowers.|So the two friends planted a whole garden together.|Because {hero} had waited, the
          {place} was full of color that {season}.]
        """,
        // A wish to be like someone else.
        """
        {opening} {He} wanted to be {a:job} one day. {Parent} {smiled} and {said}, "Then you must learn a lot."
        {time}, {a:job} came to the {place}. {Hero} looked at the {color} {clothes} and the {tool}, and {he} watched {slowly} how everything
          was done.
        "{Please}, may I help you?" {asked} {hero}. "You are too small," {said} the {job}. That made {hero} {sad}, but {he} did not go away.

        Suddenly there was {a:loud} {noise}. The {job} had dropped the {tool} into {a:small} hole! "{Exclaim}! Now I cannot work," {said}
          the {job}. "My hand is much too big for that hole."
        "But mine is not!" {said} {hero}. {He} reached down {slowly}, and out came the {tool}. [It was dirty, but not broken.|Everybody
          clapped.|There was even {a:treasure} beside it!]

        "I was wrong," {said} the {job}. "Being small is sometimes just what is needed." So the {job} let {hero} help all day and gave {him}
          {a:food}.
        {Hero} told {friend} about it at home. [Nobody is too small to help.|"One day I will be the best {job} of all," {said} {hero}.|From
          that {day} on, {hero} helped the {job} every week.]
        """,
        // Greed.
        """
        {opening} {He} loved {food2} more than anything else.
        {Time}, {parent} made some {food2} and put it {spot}. "This is for the party tonight. Please do not eat it," {said} {parent}. But
          the smell was {tasty} and {nice}.

        {Hero} thought, "I will just take a little bit." {He} took one bite, and then another, and then {number} more. Soon all the {food2}
          was gone, and {he} had {a:food} as well.
        [Then {his} tummy began to hurt.|{exclaim}! Now {his} belly was as round as a ball.|{He} felt sick and had to lie down.] "Ouch,
          ouch!" {he} {said}.

        {Friend} came in {his2} best {clothes}. "Where is the {food2} for the party?" {he2} {asked}. {Hero} turned red. "I ate it all, and
          now my tummy hurts," {he} {said}. {Parent} was not pleased, but {friend} had an idea. "We can make some more together!"
        So they did. {Hero} stirred and {friend} poured, and the new {food2} was even more {tasty}. At the party {hero} took only {a:small}
          piece. [{He} learned that too much of a good thing is not good.|{He} had learned not to be greedy.|"Enough is as good as a feast,"
          {said} {elder}.]
        """,
    ];
}
