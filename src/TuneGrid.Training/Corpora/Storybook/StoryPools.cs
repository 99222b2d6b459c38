namespace TuneGrid.Training.Corpora.Storybook;

/// <summary>Word lists for roles and fresh draws. The order is part of the text: only a new version may change it.</summary>
internal static class StoryPools
{
    public static Dictionary<Role, Word[]> ForRoles { get; } = new()
    {
        [Role.Creature] = Word.List("""
            wolf,crow,snake,bull,eagle,swan,rat,raven,hawk,bat,toad,lizard,crab,whale,shark,octopus,dolphin,moose,skunk,stork,ram,lynx,
            walrus,crocodile,hippo,rhino,gorilla,weasel,porcupine
            """),
        [Role.Thing] = Word.List("""
            ball,kite,doll,hat,book,lamp,cup,bell,rope,basket,bucket,umbrella,blanket,pillow,mirror,clock,whistle,balloon,puzzle,wagon,
            scooter,bicycle,teddy bear,puppet,marble,yo-yo,spinning top,paint box,pencil,crayon,backpack,lunch box,necklace,bracelet,button,
            ribbon,feather,shell,candle,lantern,flag,jar,bottle,mug,plate,spoon,teapot,toy boat,toy car,toy train,toy plane,block,mask,
            crown,wand,map,compass,telescope,magnet,notebook,suitcase,purse,vase,picture,stamp,coin,badge,flashlight,snow globe,
            watering can,piggy bank,jump rope,slingshot,dice,sticker,quilt,fan
            """),
        [Role.Color] = Word.List("""
            red,blue,green,yellow,orange,purple,pink,white,black,brown,gray,golden,silver,striped,spotted,shiny,tiny,huge,old,new,wooden,
            soft,fuzzy,round,square,bright,sparkly,rainbow,plain,heavy,smooth,dusty,fancy,ugly,crooked
            """),
        [Role.Treasure] = Word.List("""
            golden key,silver ring,magic seed,glowing stone,treasure map,secret letter,crystal egg,old photograph,ruby,pearl,diamond,
            emerald,medal,music box,pocket watch,blue feather,metal box,fossil,ancient coin,unicorn statue,iron chest,painted mask,sapphire,
            amulet,ivory comb,brass bugle
            """),
        [Role.Place] = Word.List("""
            park,forest,garden,meadow,market,playground,barn,field,zoo,school yard,orchard,harbor,woods,square,backyard,valley,museum,
            library,circus,camp,greenhouse,vineyard,swamp,canyon,jungle,courtyard,stadium,theater,station,desert,castle garden,cornfield,
            campground,gym,temple,aquarium
            """),
        [Role.Place2] = Word.List("""
            cave,attic,cellar,tree house,tunnel,shed,tower,garage,kitchen,hallway,stable,closet,basement,bakery,boat house,mill,hut,tent,
            castle,ruin,pantry,laundry room,den,bathroom,hen house,workshop,lighthouse,windmill,cottage,igloo
            """),
        [Role.Food] = Word.List("""
            apple,cookie,cake,pie,sandwich,banana,carrot,muffin,pancake,pear,peach,plum,orange,strawberry,cupcake,donut,waffle,pretzel,
            lemon,melon,tomato,potato,pumpkin,onion,egg,bun,biscuit,tart,cherry,pizza,burrito,dumpling,mango,fig,cracker,brownie,pickle,
            omelet,apricot,radish
            """),
        [Role.Food2] = Word.List("""
            soup,bread,honey,cheese,jam,milk,rice,butter,corn,salad,ice cream,pudding,chocolate,popcorn,stew,juice,yogurt,cereal,spaghetti,
            peanuts,berries,beans,noodles,toast,tea,cocoa,candy,gravy,porridge,lemonade
            """),
        [Role.Job] = Word.List("""
            baker,farmer,doctor,teacher,sailor,painter,firefighter,pilot,nurse,gardener,fisherman,tailor,carpenter,postman,police officer,
            cook,singer,dancer,librarian,shopkeeper,builder,miner,captain,clown,magician,queen,king,knight,astronaut,dentist,barber,plumber,
            butcher,shepherd,juggler,scientist,mayor,judge,coach,waiter
            """),
        [Role.Tool] = Word.List("""
            hammer,ladder,shovel,rake,saw,broom,net,needle,brush,pair of scissors,screwdriver,wheelbarrow,stick,paddle,fishing rod,mop,
            sponge,bandage,tape measure,hook,crowbar,axe,wrench,long pole,glue pot
            """),
        [Role.Clothes] = Word.List("""
            coat,scarf,sweater,jacket,dress,shirt,cap,raincoat,apron,vest,skirt,belt,cape,sock,mitten,glove,boot,shoe,sandal,slipper,hood,
            tie,bonnet,robe,costume
            """),
        [Role.Instrument] = Word.List("""
            piano,violin,guitar,trumpet,drum,flute,harp,banjo,horn,accordion,xylophone,tambourine,cello,harmonica,tuba,ukulele,clarinet,
            triangle
            """),
        [Role.Game] = Word.List("""
            tag,hide and seek,chess,marbles,soccer,catch,checkers,hopscotch,pretend,basketball,tennis,leapfrog,baseball,dominoes,bowling,
            badminton
            """),
        [Role.Spot] = Word.List("""
            under the bed,behind the door,inside a drawer,beneath the stairs,on the top shelf,under a bush,behind the curtain,
            inside an old boot,under the rug,beside the fence,between two rocks,in a hollow log,in the tall grass,under the porch,
            behind the stove,in the laundry basket,under a pile of leaves,inside the cupboard
            """),
        [Role.Spot2] = Word.List("""
            near the gate,on the roof,next to the chimney,in the mud,by the window,up in a tree,on the bench,in the sandbox,
            below the bridge,at the bottom of the pond,beside the road,among the flowers,in a bird's nest,in the hay,on the steps,
            under the table,by the fountain,in the snow
            """),
        [Role.Flower] = Word.List("""
            rose,tulip,daisy,sunflower,lily,violet,poppy,daffodil,orchid,lavender,marigold,iris,buttercup,dandelion,bluebell,pansy,snowdrop,
            clover,jasmine,peony
            """),
        [Role.Weather] = Word.List("""
            sunny,rainy,windy,snowy,cloudy,foggy,stormy,warm,cold,chilly,hot,frosty,breezy,misty,bright,gray,icy,dry,wet,mild
            """),
        [Role.Season] = Word.List("spring,summer,autumn,winter"),
        [Role.Bird] = Word.List("""
            robin,sparrow,pigeon,parrot,seagull,peacock,woodpecker,canary,swallow,bluebird,finch,dove,magpie,cuckoo,blackbird,pelican,heron,
            hummingbird,starling,nightingale
            """),
        [Role.Vehicle] = Word.List("""
            bus,train,boat,truck,tractor,taxi,sled,ship,canoe,wagon,carriage,van,ferry,rocket,airplane,balloon,helicopter,fire engine,
            trolley,raft
            """),
        [Role.Shop] = Word.List("""
            toy shop,book shop,candy store,pet shop,shoe store,flower stand,bakery,grocery store,hat shop,fruit stall,music store,
            tailor shop
            """),
        [Role.Number] = Word.List("two,three,four,five,six,seven,eight,nine,ten,eleven,twelve,twenty"),
        [Role.Material] = Word.List("""
            wood,paper,clay,straw,stone,cardboard,cloth,ice,sand,wool,string,leaves,metal,glass,mud,bricks,twigs,felt,wire,rubber
            """),
        [Role.Day] = Word.List("Monday,Tuesday,Wednesday,Thursday,Friday,Saturday,Sunday"),
        [Role.Limb] = Word.List("foot,arm,hand,knee,leg,elbow,ankle,finger,toe,nose,ear,shoulder"),
        [Role.Tree] = Word.List("oak,pine,maple,willow,birch,cherry,chestnut,cedar,elm,palm,fir,walnut"),
        [Role.Bug] = Word.List("butterfly,bee,ant,beetle,ladybug,spider,grasshopper,cricket,dragonfly,snail,worm,caterpillar,firefly,moth"),
        [Role.Stranger] = Word.List("""
            nurse,neighbor,cousin,stranger,hunter,traveler,merchant,soldier,wizard,fairy,witch,giant,pirate,prince,princess,elf
            """),
        [Role.Noise] = Word.List("""
            crash,splash,bang,thump,squeak,growl,buzz,click,roar,howl,rustle,pop,crack,whoosh,rattle,sneeze,hiss,snore
            """),
        [Role.Skill] = Word.List("""
            swim,whistle,dance,sing,paint,read,skate,juggle,climb,cook,ski,sew,knit,draw,ride a bike,do a cartwheel,jump rope,
            count to one hundred,tie a knot,fly a kite,build a fire,write a poem,bake bread,row a boat,catch fish,hop on one leg,tell jokes,
            do magic tricks
            """),
    };

    public static Dictionary<string, Word[]> Fresh { get; } = new(StringComparer.Ordinal)
    {
        ["happy"] = Word.List("happy,glad,joyful,delighted,cheerful,pleased,thrilled,excited,overjoyed,merry"),
        ["sad"] = Word.List("sad,unhappy,upset,gloomy,miserable,lonely,heartbroken,disappointed,glum,downhearted"),
        ["scared"] = Word.List("scared,afraid,frightened,nervous,worried,terrified,anxious,alarmed"),
        ["angry"] = Word.List("angry,cross,mad,furious,annoyed,cranky,grouchy"),
        ["tired"] = Word.List("tired,sleepy,weary,exhausted,worn out,drowsy"),
        ["big"] = Word.List("big,large,huge,giant,enormous,great,massive,mighty"),
        ["small"] = Word.List("small,little,tiny,teeny,wee"),
        ["nice"] = Word.List("nice,lovely,wonderful,beautiful,pretty,amazing,perfect,fantastic,charming,splendid,marvelous,delightful"),
        ["tasty"] = Word.List("tasty,yummy,delicious,sweet,fresh,juicy,crunchy,warm,sticky,crispy,creamy,salty"),
        ["ran"] = Word.List("ran,hurried,raced,rushed,skipped,dashed,hopped,marched,walked,wandered,strolled,trotted,tiptoed,galloped"),
        ["said"] = Word.List("said,said,said,said,said,replied,answered,whispered,murmured,declared,cried"),
        ["asked"] = Word.List("asked,asked,asked,wondered,inquired"),
        ["looked"] = Word.List("looked,searched,peeked,hunted,checked,peered"),
        ["slowly"] = Word.List("slowly,carefully,gently,quietly,softly,silently,patiently,calmly,bravely,steadily,cautiously"),
        ["loud"] = Word.List("loud,strange,soft,funny,scary,squeaky,rumbling,creaky,deep,sudden"),
        ["sky"] = Word.List("""
            The sun was shining,The clouds were fluffy,The sky was clear,A soft breeze was blowing,The birds were chirping,
            The leaves were dancing,The grass was wet with dew,A rainbow hung over the hills,The air smelled of flowers,
            The moon was still up,Thunder rumbled far away
            """),
        ["time"] = Word.List("""
            One day,One morning,One afternoon,One evening,Early one morning,Late one afternoon,Just after breakfast,Right before lunch,
            After a long nap,At noon,Just before sunset
            """),
        ["smiled"] = Word.List("smiled,grinned,beamed,nodded,clapped,winked,cheered"),
        ["exclaim"] = Word.List("Oh no,Oh dear,Uh-oh,Goodness,Oh my,Dear me"),
        ["hooray"] = Word.List("Hooray,Wow,Yay,Yes,Hurrah,Yippee,Look,Great"),
        ["nap"] = Word.List("slept,dreamed,snored,rested,napped,snuggled"),
        ["please"] = Word.List("Please,Oh please,Pretty please"),
    };
}
