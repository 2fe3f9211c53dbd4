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
  | 'place'
  | 'event'
  | 'idea';

type TopicNouns = Partial<Record<NounClass, string>>;

/** Nouns that any topic may use. */
export const GENERAL_NOUNS: TopicNouns = {
  person: 'man/men woman/women child/children friend neighbor worker visitor stranger',
  thing: 'door window table box key bag chair picture coat lamp',
  text: 'letter book story note report list message',
  place: 'house@in street@in room@in city@in garden@in village@in corner@at',
  idea: 'plan question problem idea rule answer reason mistake',
  event: 'meeting party accident',
  tool: 'machine clock phone knife/knives',
};

/** Nouns of each topic. */
export const TOPIC_NOUNS: Readonly<Record<string, TopicNouns>> = {
  harbor: {
    person: 'captain sailor fisherman/fishermen pilot passenger diver cook smuggler',
    animal: 'gull whale crab dolphin',
    food: 'fish/fish soup~ oyster',
    vehicle: 'ship boat ferry tanker',
    tool: 'engine compass net rope anchor radio',
    text: 'map logbook signal',
    thing: 'barrel sail flag crate mast',
    place: 'harbor@in island@on lighthouse@at beach@on dock@at cabin@in',
    event: 'storm voyage rescue flood',
    idea: 'danger course warning',
  },
  farm: {
    person: 'farmer shepherd butcher hunter vet farmhand',
    animal: 'horse cow sheep/sheep dog hen pig goat goose/geese calf/calves fox',
    food: 'apple egg potato/potatoes milk~ cheese~ carrot honey~',
    vehicle: 'tractor cart truck',
    tool: 'plow ladder shovel axe pump',
    thing: 'fence gate tree basket sack hedge',
    place: 'farm@on field@in barn@in forest@in stable@in river@at',
    event: 'harvest drought fair',
    idea: 'price crop habit',
  },
  school: {
    person: 'teacher student pupil principal girl boy parent librarian',
    animal: 'cat mouse/mice parrot',
    text: 'essay poem test lesson textbook diary/diaries',
    thing: 'desk pencil blackboard uniform notebook toy',
    tool: 'computer calculator ruler',
    place: 'school@in classroom@in library@in playground@on gym@in',
    event: 'exam holiday class contest',
    idea: 'subject language theory excuse',
  },
  kitchen: {
    person: 'chef waiter guest baker customer critic owner',
    food: 'cake bread~ soup~ pie tomato/tomatoes onion rice~ sandwich salad chicken wine~ sauce steak',
    tool: 'oven pan spoon mixer fridge kettle',
    text: 'menu recipe bill review cookbook',
    thing: 'plate bowl glass bottle apron napkin',
    place: 'kitchen@in restaurant@in bakery@in cafe@in cellar@in',
    event: 'dinner breakfast wedding banquet',
    idea: 'taste secret tip',
  },
  business: {
    person: 'manager banker investor trader analyst broker accountant director clerk',
    text: 'contract invoice forecast newspaper memo statement',
    thing: 'share bond product safe account coin',
    tool: 'printer computer copier',
    vehicle: 'car taxi limousine',
    place: 'bank@at office@in factory@in market@on company@at',
    event: 'merger strike crash auction sale',
    idea: 'price profit loss debt strategy budget deal tax',
  },
  hospital: {
    person: 'doctor nurse patient surgeon dentist pharmacist specialist',
    thing: 'bed bandage pill curtain pillow',
    tool: 'scanner needle microscope wheelchair',
    text: 'prescription chart diagnosis/diagnoses file',
    vehicle: 'ambulance helicopter',
    place: 'hospital@in clinic@at ward@on pharmacy@at',
    event: 'operation checkup emergency treatment',
    idea: 'illness symptom cure risk chance',
  },
  court: {
    person: 'judge lawyer witness thief/thieves detective prisoner guard reporter officer',
    text: 'verdict document confession law article',
    thing: 'ring wallet painting necklace glove window',
    tool: 'camera gun radio torch',
    vehicle: 'car van motorcycle',
    place: 'court@in prison@in station@at museum@in shop@in',
    event: 'trial robbery hearing arrest',
    idea: 'crime clue motive alibi case',
  },
  theater: {
    person: 'singer actor dancer pianist composer director fan critic violinist',
    text: 'song play script ticket poster melody',
    thing: 'costume mask curtain prize stool',
    tool: 'piano violin drum guitar microphone trumpet',
    place: 'theater@in stage@on studio@in opera@at',
    event: 'concert rehearsal performance festival show',
    idea: 'role style scandal',
  },
  laboratory: {
    person: 'scientist professor engineer assistant researcher inventor astronomer',
    animal: 'rat monkey frog bee',
    text: 'paper manual formula thesis/theses manuscript',
    thing: 'battery crystal magnet sample tube planet',
    tool: 'telescope laser robot sensor computer microscope',
    place: 'laboratory@in university@at observatory@at workshop@in',
    event: 'experiment conference explosion lecture',
    idea: 'theory discovery method hypothesis/hypotheses result error',
  },
  travel: {
    person: 'traveler driver conductor guide tourist porter pilot',
    thing: 'suitcase ticket umbrella backpack tent passport',
    vehicle: 'train bus plane bicycle tram car',
    text: 'timetable postcard map guidebook',
    tool: 'camera compass flashlight',
    animal: 'bear eagle camel',
    place: 'station@at airport@at hotel@in bridge@on mountain@on border@at castle@in',
    event: 'trip journey delay excursion',
    idea: 'route destination custom',
  },
  politics: {
    person: 'mayor president minister senator voter reporter candidate secretary diplomat',
    text: 'speech bill law petition treaty newspaper statement',
    thing: 'flag statue banner vote',
    tool: 'microphone camera',
    place: 'parliament@in palace@in embassy@at square@on',
    event: 'election debate protest campaign summit',
    idea: 'reform tax policy/policies promise decision crisis/crises',
  },
  sport: {
    person: 'player coach runner goalkeeper referee fan champion swimmer',
    thing: 'ball trophy medal shirt helmet shoe',
    tool: 'whistle stopwatch racket',
    vehicle: 'bicycle bus',
    text: 'score contract record interview',
    place: 'stadium@in pool@in track@on club@at',
    event: 'match game race final tournament training~',
    idea: 'victory defeat injury tactic',
  },
};
