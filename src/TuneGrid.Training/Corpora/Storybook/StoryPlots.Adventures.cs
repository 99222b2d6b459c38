namespace TuneGrid.Training.Corpora.Storybook;

/// <summary>Strangers, journeys, dangers, discoveries.</summary>
internal static partial class StoryPlots
{
    private static readonly string[] Adventures =
    [
        // A lonely creature turns out to be friendly.
        """
        {opening} {meet}
        Near the {place} lived {a:big} {creature}. Everybody was afraid of it. "Stay away from the {creature}," {said} {parent}. "[It has
          sharp teeth|It is always {angry}|It does not like visitors]!"

        {outing} There {he} heard {a:loud} {noise}. It was the {creature}, and it was crying! It had a thorn in its foot. {Friend} {ran}
          away, but {hero} stayed. "Does it hurt?" {he} {asked}. "Yes, very much," {said} the {creature}.
        {Hero} was {scared}, but {he} went {slowly} closer and pulled out the thorn. "[Thank you|You are very brave|Nobody was ever so kind
          to me]," {said} the {creature}. "I am only {angry} because I am lonely."

        "Then you can be our friend," {said} {hero}. {He} gave the {creature} {a:food}, and it {smiled}. Later {friend} came back with
          {parent} and [a net|a long pole|a stick|a rope]. "Stop!" {said} {hero}. "The {creature} is not bad. It only had a thorn in its
          foot."
        [From that day on, the {creature} played {game} with all the children.|Now nobody is afraid of the {creature} any more.|{Hero}
          learned that those who look mean may only be {sad}.]
        """,
        // Getting lost and finding the way back.
        """
        {opening} {He} had {a:color} {thing} that {he} never left at home.
        {outing} {Parent} {said}, "Do not go far." But {hero} saw {a:nice} {bug} and followed it. {He} followed it past the {tree} tree,
          over the stream and up the hill. When the {bug} flew away, {hero} did not know where {he} was.

        "{Exclaim}! I am lost," {said} {hero}. It was getting dark, and {he} was {scared}. {He} sat down {spot2} and cried. {A:bird} heard
          {him}. "Why do you cry?" {asked} the {bird}. "I want to go home, but I do not know the way," {said} {hero}.
        "[I can see the {place} from the sky|I know every tree here|My wings can help you]," {said} the {bird}. "But my nest is cold. Will
          you give me something warm?" {Hero} gave the {bird} {his} {clothes} to put in the nest.

        Then the {bird} flew ahead, and {hero} followed it down the hill, over the stream and past the {tree} tree. There stood {parent}
          with a lamp! "I was so worried!" {said} {parent} and held {him} tight.
        {Hero} told {parent} about the {bug} and the {bird}. [After that, {he} always stayed close.|"I will listen to you next time," {he}
          promised.|And every {season}, {he} brings the {bird} some {food2}, because it showed {him} the way.]
        """,
        // A treasure, and what to do with it.
        """
        {opening} {meet}
        {time}, {hero} and {friend} were playing in the {place2} when they found {a:treasure}. It was {spot}. "{Hooray}! What {a:nice}
          {treasure}!" {said} {friend}. "We will be rich!"
        [But {hero} saw a name on it.|But under it there was a note.|But {hero} was not so sure.] "It belongs to somebody," {he} {said}. "We
          must find out who lost it."

        They asked the {job}, but the {job} {said}, "No, I have never seen it." They asked {elder}, but {elder} did not know. Then they
          {ran} to the {stranger} who lived near the {place}. The {stranger} was sitting on the steps and looked {sad}.
        "Did you lose something?" {asked} {hero}. "Yes," {said} the {stranger}. "I lost my {treasure}. My mother gave it to me long ago."
          {Hero} held it out. "Is this it?" The {stranger} began to cry, but they were happy tears.

        "You could have kept it, but you brought it back," {said} the {stranger}. "Take this {color} {thing} as a present." {Hero} and
          {friend} shared the {thing}. [They were happy because they had done the right thing.|{Friend} {said}, "You were right. Giving it
          back feels better than being rich."|They learned that honesty is the greatest treasure.]
        """,
        // A storm, and working together.
        """
        {opening} {He} and {friend}, {a:trait2} {kind2}, wanted to build {a:small} house. {Hero} wanted to build it of {material}. {Friend}
          wanted to use {a:color} blanket. They were {angry} with each other, so each of them built alone.
        {Hero} carried {material} all day. {Friend} hung {his2} {color} blanket {spot2}. "Mine is better!" {said} {hero}. "No, mine is!"
          {said} {friend}.

        That night there was a storm. The wind blew, and there was {a:big} {noise}. The walls of {material} fell down because there was no
          roof. The {color} blanket flew away because there were no walls. Both friends were wet and cold.
        "My house is broken," {said} {hero}. "Mine too," {said} {friend}. They looked at each other and began to laugh. "[We should have
          worked together|You have a roof and I have walls|Let us build one house for two]," {said} {hero}.

        In the morning, they found the {color} blanket {spot}. {Hero} put up the {material}, and {friend} tied the blanket on top with
          {a:nice} knot. They used {a:tool}, and {elder} helped them too. When the next storm came, they sat inside, warm and dry, and ate
          {food2}.
        [Together they had made what neither could make alone.|They never quarreled about a house again.|"Two heads are better than one,"
          {said} {hero}.]
        """,
        // A race, and stopping to help.
        """
        {opening} On {day} there was {a:big} race in the {place}. The prize was {a:color} {thing}. {Hero} wanted to win it very much,
          [because {his} old one was broken|because {he} had never won anything|because it was the very thing {he} had dreamed of].
        {friend}, {a:trait2} {kind2}, wanted to win it too. "I am faster than you," {said} {friend}. "We will see," {said} {hero}.

        Ready, set, go! [They ran past the {tree} trees.|They ran along the river.|They ran up the hill as fast as the wind.] {Hero} was
          first, and {friend} was right behind {him}. Suddenly {he} heard {a:loud} {noise}. {friend} had fallen and hurt {his2} {limb}!
        {Hero} could see the end of the race. {He} could see the {color} {thing}. But {friend} was crying. {Hero} stopped and turned around.
          "Does your {limb} hurt? Lean on me," {he} {said}. And they walked {slowly}, side by side. Everybody else passed them.

        They were the last of all. But the {job} who had made the race stood up and {said}, "The prize is for the best runner. But there is
          something better than running fast." And {hero} got the {color} {thing} for being kind.
        "You should have it," {said} {friend}, "because you stopped for me." [But {hero} shared it with {friend}.|They played with the
          {thing} together every {day}.|{Hero} learned that a friend is worth more than a prize.]
        """,
        // A trick that went wrong: crying wolf.
        """
        {opening} {He} loved to play tricks. {Parent} often said, "One day nobody will believe you."
        {time}, {hero} shouted, "Help! There is {a:creature} in the {place}!" {Friend} and the {job} {ran} to help with [a net|a long pole|a
          stick|a rope]. But there was no {creature}. {Hero} laughed and laughed. "I tricked you!" {he} {said}. They were {angry} and went
          back.

        The next day {he} did it again. "Help, help! {A:creature}!" {he} cried. Again they came, and again there was nothing but {a:bug} on
          {a:flower}. "That is not funny," {said} {friend}. "Some day you will need us."
        Then, on {day}, a real {creature} came. It was {big}, and it took {hero}'s {color} {thing}! "Help! {A:creature}!" cried {hero}. But
          nobody came, because they all thought it was a trick. {Hero} had to climb up {a:tree} tree and wait there for {number} hours.

        In the evening, {friend} found {him} in the tree. "Why didn't you come?" {asked} {hero}. "Because you lied to us two times," {said}
          {friend}, "so we could not know that it was true." {Hero} felt {sad}. "I am sorry. I will not trick you again."
        [And {he} kept {his} word.|{Friend} forgave {him}, and together they got the {thing} back.|{learnedtruth}]
        """,
        // A trade that goes round.
        """
        {opening} {He} had {a:food}, but {he} wanted {a:color} {thing}.
        {outing} {He} met {friend}, {a:trait2} {kind2}, who had {a:clothes}. "I am so hungry," {said} {friend}. "Will you give me your
          {food} for my {clothes}?" {Hero} {smiled}. So {friend} ate the {food}, and {hero} had the {clothes}.

        Next, {he} met {a:job} who was cold. "What {a:nice} {clothes}," {said} the {job}. "I will give you {a:instrument} for it." So the
          {job} put on the {clothes}, and {hero} had the {instrument}.
        [Then {he} came to the {shop}.|At the end of the road {he} saw the {stranger}.|A little later {he} heard somebody sigh.] There sat
          {a:stranger} who looked {sad}. "I used to play music, but my {instrument} is broken," {said} the {stranger}. "I have only this
          {color} {thing}, and I do not need it."

        {Hero} gave away the {instrument}, and now {he} had the {color} {thing} at last! The {stranger} played {a:nice} song. The {job} was
          warm, {friend} was full, and {hero} was {happy}.
        "I began with {a:food}," {he} told {parent}, "and everybody got what they needed." [{Parent} was very proud.|"That is what trading
          is for," {said} {parent}.|And that night, {hero} {nap} with a smile.]
        """,
        // A sick friend.
        """
        {opening} {meet}
        {weathered}
        {Hero} waited for {friend} in the {place}, but {friend} did not come. {Hero} played with {his} {color} {thing} and waited. {He}
          waited until noon. Then {he} {ran} to {friend}'s house.
        {Friend} was in bed. {His2} nose was red and {his2} {limb} hurt. "I am sick," {he2} {said}. "The doctor said that I must stay in bed
          for {number} days. It is so boring, and I am {sad}."

        {Hero} thought about it all the way home. The next morning {he} came back with {a:color2} bag. First {he} took out some {food2}.
          "This is from {parent}," {he} {said}. Then {he} took out {a:flower}. "This is from the {place}." And last of all, {he} took out
          {his} own {color} {thing}. "And this is from me. You may keep it until you are well."
        {Friend} {smiled} for the first time. {Hero} told {him2} a funny story about {a:creature} that wanted to {skill}, and they laughed
          so much that the bed shook.

        After {number} days, {friend} was well again. {He2} {ran} to {hero} and gave back the {color} {thing}. "[Your visit was better than
          any medicine|You made me well|I knew you would come]," {he2} {said}.
        [{Hero} was glad that {he} had gone to see {friend}.|That is what friends are for.|And then they played {game}, just like before.]
        """,
        // Building a machine to fly.
        """
        {opening} {He} liked to watch the {bird} in the {tree} tree. "I wish I could fly too," {he} {said}.
        {time}, {hero} took some {material}, {number} feathers and {a:tool} and began to build wings. {friend}, {a:trait2} {kind2}, came by.
          "What are you making?" {he2} {asked}. "Wings," {said} {hero}. "You can't fly with wings of {material}," {said} {friend}, and {he2}
          laughed at {him}.

        {Hero} climbed on the roof of the {place2}. {He} jumped, and there was {a:loud} {noise}! {He} fell into the hay. The wings of
          {material} were broken, and {his} {limb} hurt. {Hero} was {sad}. "{friend} was right," {he} {said}. "They were too heavy."
        But {elder} had seen everything. "You can't fly by yourself," {said} {elder}, "but I know somebody who can help." And {elder} took
          {hero} to {a:job} who had a basket and {a:big} balloon.

        {Slowly}, they went up and up. {Hero} saw the {place} and the river, and the houses were as {small} as toys. The {bird} flew beside
          {him}. "{Hooray}, I am flying!" {hero} shouted. Far below stood {friend}, who could not believe it.
        [The next day {he} took {friend} along.|{Hero} learned that a wish needs both hard work and help.|"Never stop dreaming," {said}
          {elder}.]
        """,
        // A new child at school.
        """
        {opening} On {day}, {a:trait2} {kind2} called {friend} came to the school. {Friend} had come from far away by {vehicle} and did not
          know anybody. {He2} sat {spot2} and held {a:color} {thing}.
        The other children played {game}. "{friend} talks in a funny way," they whispered, and nobody asked {him2} to play. {Hero} saw that
          {friend} was {sad}.

        {Hero} remembered [how lonely {he} had been once|what {elder} had told {him} about kindness|that {he} had been new here too]. So
          {he} went over and {said}, "Hello, I am {hero}. What {a:nice} {color} {thing}! Can you show me how it works?"
        {Friend} looked up and {smiled}. "[My grandfather made it of {material}|It comes from my old home|It can do a trick]," {he2} {said}.
          {He2} showed {hero} the {thing}, and {hero} gave {him2} half of {his} {food}. Soon they were laughing.

        Then the others came to see. "{Hooray}! Can we play too?" they {asked}. "Yes," {said} {friend}. "Everyone can play." It turned out
          that {friend} could {skill}, and {he2} taught them all.
        [Because {hero} had said hello, nobody was lonely any more.|{Hero} learned that one kind word can open every door.|And so {friend},
          who had no friend in the morning, had {number} friends in the evening.]
        {bedtime}
        """,
    ];
}
