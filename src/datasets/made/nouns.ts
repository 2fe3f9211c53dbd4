/**
 * Nouns by topic and kind. `man/men` gives an irregular plural, `~` marks a mass noun (no plural, no
 * "a"), `@in` the preposition of a place. The order within a line is the order of frequency.
 */
export type NounClass =
  | 'person'
  | 'animal'
  | 'food'
  | 'vehicle'
  | 'tool'
  | 'text'
  | 'thing'
  | 'fixture'
  | 'place'
  | 'event'
  | 'mishap'
  | 'idea';

type TopicNouns = Partial<Record<NounClass, string>>;

/** Nouns that any topic may use. */
export const GENERAL_NOUNS: TopicNouns = {
  person: 'man/men woman/women child/children friend neighbor worker visitor stranger',
  thing: 'table box key bag chair picture coat lamp',
  fixture: 'door window roof wall',
  text: 'letter book story note report list message',
  place: 'house@in street@in room@in city@in garden@in village@in corner@at',
  idea: 'plan question problem idea rule answer reason mistake',
  event: 'meeting party',
  mishap: 'accident noise',
  tool: 'machine clock phone knife/knives',
};

/** Nouns of each topic. */
export const TOPIC_NOUNS: Readonly<Record<string, TopicNouns>> = {
  harbor: {
    person: 'captain sailor fisherman/fishermen pilot passenger diver',
    animal: 'gull whale crab dolphin',
    food: 'fish/fish soup~ oyster',
    vehicle: 'ship boat ferry tanker',
    tool: 'engine compass net rope anchor radio',
    text: 'map logbook signal',
    thing: 'barrel sail flag crate',
    place: 'harbor@in island@on lighthouse@at beach@on dock@at cabin@in',
    event: 'voyage',
    mishap: 'storm flood',
    idea: 'danger course warning',
  },
  farm: {
    person: 'farmer shepherd butcher hunter vet',
    animal: 'horse cow sheep/sheep dog hen pig goat goose/geese fox',
    food: 'apple egg potato/potatoes milk~ cheese~ carrot honey~',
    vehicle: 'tractor cart truck',
    tool: 'plow ladder shovel axe pump',
    thing: 'basket sack',
    fixture: 'fence gate hedge',
    place: 'farm@on field@in barn@in forest@in stable@in river@at',
    event: 'harvest fair',
    mishap: 'drought',
    idea: 'price crop habit',
  },
  school: {
    person: 'teacher student pupil principal girl boy parent librarian',
    animal: 'cat mouse/mice parrot',
    text: 'essay poem test lesson textbook diary/diaries',
    thing: 'desk pencil uniform notebook toy',
    fixture: 'blackboard',
    tool: 'computer calculator',
    place: 'school@in classroom@in library@in playground@on gym@in',
    event: 'exam holiday class contest',
    idea: 'subject language theory excuse',
  },
  kitchen: {
    person: 'chef waiter guest baker customer critic owner',
    food: 'cake bread~ soup~ pie tomato/tomatoes onion rice~ salad chicken wine~',
    tool: 'oven pan spoon kettle',
    text: 'menu recipe bill review cookbook',
    thing: 'plate bowl glass bottle apron napkin',
    place: 'kitchen@in restaurant@in bakery@in cafe@in cellar@in',
    event: 'dinner breakfast wedding banquet',
    idea: 'taste secret tip',
  },
  business: {
    person: 'manager banker investor trader analyst director clerk',
    text: 'contract invoice forecast newspaper',
    thing: 'share bond product safe account coin',
    tool: 'printer computer',
    vehicle: 'car taxi',
    place: 'bank@at office@in factory@in market@on company@at',
    event: 'merger auction sale',
    mishap: 'crash strike',
    idea: 'price profit loss debt strategy budget deal tax',
  },
  hospital: {
    person: 'doctor nurse patient surgeon dentist specialist',
    thing: 'bed bandage pill pillow',
    tool: 'scanner needle wheelchair',
    text: 'prescription chart diagnosis/diagnoses file',
    vehicle: 'ambulance helicopter',
    place: 'hospital@in clinic@at ward@on pharmacy@at',
    event: 'operation checkup treatment',
    mishap: 'emergency',
    idea: 'illness symptom cure risk chance',
  },
  court: {
    person: 'judge lawyer witness thief/thieves detective prisoner guard reporter officer',
    text: 'verdict document confession law article',
    thing: 'ring wallet painting necklace glove',
    tool: 'camera gun radio torch',
    vehicle: 'car van motorcycle',
    place: 'court@in prison@in station@at museum@in shop@in',
    event: 'trial hearing',
    mishap: 'robbery arrest',
    idea: 'crime clue motive alibi case',
  },
  theater: {
    person: 'singer actor dancer pianist composer director fan critic',
    text: 'song play script ticket poster melody',
    thing: 'costume mask prize stool',
    fixture: 'curtain',
    tool: 'piano violin drum guitar microphone',
    place: 'theater@in stage@on studio@in opera@at',
    event: 'concert rehearsal performance festival show',
    idea: 'role style scandal',
  },
};
