/** Names of runs: an adjective and an animal, easy to say and to find again. They need not be unique; ids are. */
import type { Random } from '../protocol/mint.ts'

const ADJECTIVES: readonly string[] = `
  able active agile airy amber ample apt arctic artful aspen astute august autumnal awake azure balanced balmy bamboo bashful
  beaming bold boreal brave breezy bright brisk broad bronze bubbly bucolic calm candid careful cedar celestial cerulean chatty
  cheerful chipper chiming civil clear clever cloudy coastal cobalt colorful composed copper coral cordial cosmic cozy crafty
  crimson crisp crystal curious cyan dainty dapper daring dashing dawning deft delicate dewy diligent discreet dreamy dulcet dusky
  eager early earnest earthy easygoing ebullient elated electric elegant emerald eminent endless energetic epic even evergreen exact
  expert fabled fair faithful famous fancy feathery fearless festive fine firm fleet floral fluent flying fond frank free fresh
  friendly frosty fruitful gallant garnet gentle genuine gifted gilded glad gleaming glossy glowing golden graceful grand grateful
  great gusty handy happy hardy harmonic hazel hearty helpful heroic hidden honest hopeful humble humming icy ideal indigo inventive
  ivory ivied jade jaunty jolly jovial joyful jubilant keen kind kindly lacquered large lasting lavender leafy learned level light
  lilac limber limpid lively lofty loyal lucid lucky lunar magnetic majestic maple marble marine mellow melodic merry mighty mindful
  minty misty modest moonlit mossy musical neat nimble noble northern notable novel oaken observant oceanic olive onyx opal open
  optimal orange orderly organic outgoing pacific painted patient peaceful pearly pensive perky placid playful pleasant plucky plush
  poetic poised polished polite prairie precise prime prompt proud prudent punctual purple quaint quick quiet quirky radiant rapid
  rare ready regal resolute restful rising roaming robust rosy ruby rugged rustic sage sandy sapphire satin scarlet scenic secret
  sensible serene shiny silent silken silver simple sincere sleek snowy snug social solar solid sonic spirited splendid spring spry
  stable starlit starry stately steady stellar sterling stoic stormy strong sturdy sublime subtle sunlit sunny super swift tactful
  talented tame tangy tawny teal tender thankful thoughtful thundering tidal tidy timely tireless topaz tranquil true trusty tuneful
  twilight unbeaten upbeat urbane valiant vast velvet verdant versed vibrant vigilant violet vivid wandering warm watchful wavy wily
  windy winged wise witty wondrous woven young zesty zippy
`
  .trim()
  .split(/\s+/)

const ANIMALS: readonly string[] = `
  aardvark aardwolf adder agouti albatross alpaca anchovy angelfish anole ant anteater antelope armadillo auk avocet axolotl badger
  bandicoot barbet barnacle barracuda basilisk bat bear beaver bee beetle beluga bison bittern blackbird bluebird boar bobcat
  bobolink bream buffalo bullfinch bumblebee bunting bustard butterfly buzzard camel canary capuchin capybara caracal
  cardinal caribou cassowary catbird catfish chameleon chamois chickadee chinchilla chipmunk cicada clam coati cockatiel cockatoo
  cod condor coot cormorant cougar cowbird coyote crab crane crayfish cricket crossbill crow cuckoo curlew cuscus cuttlefish
  dace damselfly deer dingo dipper dogfish dolphin dormouse dotterel dove dragonfly duck dugong dunlin eagle echidna egret eider
  eland elephant elk emu ermine falcon fennec ferret fieldfare finch firefly flamingo flounder flycatcher fossa fox frigatebird frog
  gannet gar gazelle gecko gerbil gharial giraffe gnu goldcrest goldfinch goldfish goose gopher goral goshawk grasshopper
  grebe greenfinch grouper grouse guanaco gull guppy gurnard haddock halibut hamster hare harrier hawfinch hawk hedgehog heron
  herring hoopoe hornbill horse hummingbird hyrax ibex ibis iguana impala jacana jackdaw jaguar jay jellyfish jerboa junco kakapo
  kangaroo kestrel kingfisher kinkajou kite kiwi koala koi kookaburra krill kudu lamprey lapwing lark lemming lemur leopard limpet
  linnet lion lizard llama lobster loon loris lorikeet lynx macaw mackerel magpie mallard manatee manta margay
  marlin marmoset marmot marten martin meadowlark meerkat merganser merlin minnow mole mongoose moorhen moose moth mouse mullet
  muntjac muskox mussel narwhal nautilus newt nighthawk nightingale nuthatch ocelot octopus okapi opossum orca oriole oryx osprey
  ostrich otter ouzel owl oyster oystercatcher panda pangolin panther parakeet parrot partridge peafowl pelican penguin perch petrel
  pheasant pika pipistrelle pipit plover polecat porcupine porpoise possum prawn pronghorn ptarmigan puffin puma python quail
  quetzal quokka quoll rabbit raccoon rail raven ray redpoll redstart redwing reindeer rhea rhinoceros robin roller rook salamander
  salmon sandpiper sardine saola scallop seahorse seal serval shearwater shrew shrike shrimp siskin skate skink skua skylark snail
  snipe snowfinch sparrow spoonbill squid squirrel starfish starling stilt stoat stork sturgeon sunbird swallow swan swift swordfish
  tamarin tanager tapir tarpon tarsier teal tenrec tern terrapin tetra thrush tiger tilapia toad tortoise toucan treefrog trout tuna
  turaco turbot turnstone turtle unau urchin vicuna viper vole wagtail wallaby walrus warbler waxwing weaver whale wheatear whimbrel
  whippet wigeon wolf wolverine wombat woodchuck woodcock woodlark woodpecker wren wryneck yak zebra
`
  .trim()
  .split(/\s+/)

/** How many names there are. */
export const RUN_NAME_COUNT = ADJECTIVES.length * ANIMALS.length

/**
 * A name for a run.
 *
 * @example
 * generateRunName(random) // 'thundering-goshawk'
 */
export function generateRunName(random: Random): string {
  const adjective = ADJECTIVES[Math.floor(random() * ADJECTIVES.length)]
  const animal = ANIMALS[Math.floor(random() * ANIMALS.length)]
  return `${adjective}-${animal}`
}
