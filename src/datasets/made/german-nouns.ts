import { NOUNS } from './lexicon.js';

export type GrammaticalGender = 'm' | 'f' | 'n';

/** A noun of the lexicon in German, lower case. */
export interface GermanNoun {
  gender: GrammaticalGender;
  singular: string;
  /** null for a mass noun. */
  plural: string | null;
  /** Nouns of persons: the woman's form (lehrerin); null where one form serves both. */
  female: string | null;
  /** -n or -en in all forms but the nominative singular: der zeuge, den zeugen. */
  weak: boolean;
  /** Declined as an adjective, from this stem: der fremde, ein fremder. */
  adjectival: boolean;
}

/** A place's prepositions: where (with the dative) and where to. */
export interface GermanPlace {
  at: string;
  to: { preposition: string; case: 'accusative' | 'dative' };
}

/**
 * English lemma, gender (`*` weak, `+` adjectival), singular, plural (`-` for none, `=` for the same), and the
 * woman's form: `!` adds -in to the singular.
 */
const TABLE = `
man m mann männer; woman f frau frauen; child n kind kinder; friend m freund freunde !; neighbor m* nachbar nachbarn !;
worker m arbeiter = !; visitor m besucher = !; stranger m+ fremd; table m tisch tische; box f schachtel schachteln;
key m schlüssel =; bag f tasche taschen; chair m stuhl stühle; picture n bild bilder; coat m mantel mäntel;
lamp f lampe lampen; door f tür türen; window n fenster =; roof n dach dächer; wall f wand wände;
letter m brief briefe; book n buch bücher; story f geschichte geschichten; note f notiz notizen; report m bericht berichte;
list f liste listen; message f nachricht nachrichten; house n haus häuser; street f straße straßen; room n zimmer =;
city f stadt städte; garden m garten gärten; village n dorf dörfer; corner f ecke ecken; plan m plan pläne;
question f frage fragen; problem n problem probleme; idea f idee ideen; rule f regel regeln; answer f antwort antworten;
reason m grund gründe; mistake m fehler =; meeting f sitzung sitzungen; party f feier feiern; accident m unfall unfälle;
noise n geräusch geräusche; machine f maschine maschinen; clock f uhr uhren; phone n telefon telefone; knife n messer =;
captain m kapitän kapitäne !; sailor m* matrose matrosen matrosin; fisherman m fischer = !; pilot m* pilot piloten !;
passenger m passagier passagiere !; diver m taucher = !; gull f möwe möwen; whale m wal wale; crab f krabbe krabben;
dolphin m delfin delfine; fish m fisch fische; soup f suppe -; oyster f auster austern; ship n schiff schiffe;
boat n boot boote; ferry f fähre fähren; tanker m tanker =; engine m motor motoren; compass m kompass kompasse;
net n netz netze; rope n seil seile; anchor m anker =; radio n funkgerät funkgeräte; map f landkarte landkarten;
logbook n logbuch logbücher; signal n signal signale; barrel n fass fässer; sail n segel =; flag f flagge flaggen;
crate f kiste kisten; harbor m hafen häfen; island f insel inseln; lighthouse m leuchtturm leuchttürme;
beach m strand strände; dock n dock docks; cabin f kajüte kajüten; voyage f seereise seereisen; storm m sturm stürme;
flood f überschwemmung überschwemmungen; danger f gefahr gefahren; course m kurs kurse; warning f warnung warnungen;
farmer m* bauer bauern bäuerin; shepherd m* hirte hirten hirtin; butcher m metzger = !; hunter m jäger = !;
vet m tierarzt tierärzte tierärztin; horse n pferd pferde; cow f kuh kühe; sheep n schaf schafe; dog m hund hunde;
hen f henne hennen; pig n schwein schweine; goat f ziege ziegen; goose f gans gänse; fox m fuchs füchse;
apple m apfel äpfel; egg n ei eier; potato f kartoffel kartoffeln; milk f milch -; cheese m käse -;
carrot f karotte karotten; honey m honig -; tractor m traktor traktoren; cart m karren =; truck m lastwagen =;
plow m pflug pflüge; ladder f leiter leitern; shovel f schaufel schaufeln; axe f axt äxte; pump f pumpe pumpen;
basket m korb körbe; sack m sack säcke; fence m zaun zäune; gate n tor tore; hedge f hecke hecken;
farm m bauernhof bauernhöfe; field n feld felder; barn f scheune scheunen; forest m wald wälder; stable m stall ställe;
river m fluss flüsse; harvest f ernte ernten; fair m jahrmarkt jahrmärkte; drought f dürre dürren; price m preis preise;
crop f feldfrucht feldfrüchte; habit f gewohnheit gewohnheiten; teacher m lehrer = !; student m* student studenten !;
pupil m schüler = !; principal m schulleiter = !; girl n mädchen =; boy m* junge jungen; parent m elternteil eltern;
librarian m bibliothekar bibliothekare !; cat f katze katzen; mouse f maus mäuse; parrot m papagei papageien;
essay m aufsatz aufsätze; poem n gedicht gedichte; test m test tests; lesson f lektion lektionen;
textbook n lehrbuch lehrbücher; diary n tagebuch tagebücher; desk m schreibtisch schreibtische;
pencil m bleistift bleistifte; uniform f schuluniform schuluniformen; notebook n schulheft schulhefte;
toy n spielzeug spielzeuge; blackboard f wandtafel wandtafeln; computer m computer =;
calculator m taschenrechner =; school f schule schulen; classroom n klassenzimmer =; library f bibliothek bibliotheken;
playground m spielplatz spielplätze; gym f turnhalle turnhallen; exam f prüfung prüfungen; holiday m feiertag feiertage;
class f unterrichtsstunde unterrichtsstunden; contest m wettbewerb wettbewerbe; subject n schulfach schulfächer;
language f sprache sprachen; theory f theorie theorien; excuse f ausrede ausreden; chef m koch köche köchin;
waiter m kellner = !; guest m gast gäste; baker m bäcker = !; customer m* kunde kunden kundin;
critic m kritiker = !; owner m besitzer = !; cake m kuchen =; bread n brot -; pie f pastete pasteten;
tomato f tomate tomaten; onion f zwiebel zwiebeln; rice m reis -; salad m salat salate; chicken n hähnchen =;
wine m wein -; oven m backofen backöfen; pan f pfanne pfannen; spoon m löffel =; kettle m wasserkessel =;
menu f speisekarte speisekarten; recipe n kochrezept kochrezepte; bill f rechnung rechnungen;
review f kritik kritiken; cookbook n kochbuch kochbücher; plate m teller =; bowl f schüssel schüsseln;
glass n glas gläser; bottle f flasche flaschen; apron f schürze schürzen; napkin f serviette servietten;
kitchen f küche küchen; restaurant n restaurant restaurants; bakery f bäckerei bäckereien; cafe n café cafés;
cellar m keller =; dinner n abendessen =; breakfast n frühstück frühstücke; wedding f hochzeit hochzeiten;
banquet n festessen =; taste m geschmack geschmäcker; secret n geheimnis geheimnisse; tip m ratschlag ratschläge;
manager m manager = !; banker m banker = !; investor m investor investoren !; trader m händler = !;
analyst m* analyst analysten !; director m direktor direktoren !; clerk m+ angestellt; contract m vertrag verträge;
invoice f rechnung rechnungen; forecast f vorhersage vorhersagen; newspaper f zeitung zeitungen; share f aktie aktien;
bond f anleihe anleihen; product n produkt produkte; safe m tresor tresore; account n konto konten; coin f münze münzen;
printer m drucker =; car n auto autos; taxi n taxi taxis; bank f bank banken; office n büro büros;
factory f fabrik fabriken; market m markt märkte; company f firma firmen; merger f fusion fusionen;
auction f versteigerung versteigerungen; sale m verkauf verkäufe; crash m börsenkrach börsenkräche;
strike m streik streiks; profit m gewinn gewinne; loss m verlust verluste; debt f schuld schulden;
strategy f strategie strategien; budget m haushaltsplan haushaltspläne; deal n geschäft geschäfte; tax f steuer steuern;
doctor m arzt ärzte ärztin; nurse m krankenpfleger = !; patient m* patient patienten !;
surgeon m* chirurg chirurgen !; dentist m zahnarzt zahnärzte zahnärztin; specialist m* spezialist spezialisten !;
bed n bett betten; bandage m verband verbände; pill f tablette tabletten; pillow n kopfkissen =;
scanner m scanner =; needle f nadel nadeln; wheelchair m rollstuhl rollstühle; prescription n rezept rezepte;
chart n diagramm diagramme; diagnosis f diagnose diagnosen; file f krankenakte krankenakten;
ambulance m krankenwagen =; helicopter m hubschrauber =; hospital n krankenhaus krankenhäuser;
clinic f klinik kliniken; ward f station stationen; pharmacy f apotheke apotheken; operation f operation operationen;
checkup f vorsorgeuntersuchung vorsorgeuntersuchungen; treatment f behandlung behandlungen; emergency m notfall notfälle;
illness f krankheit krankheiten; symptom n symptom symptome; cure n heilmittel =; risk n risiko risiken;
chance f chance chancen; judge m richter = !; lawyer m anwalt anwälte anwältin; witness m* zeuge zeugen zeugin;
thief m dieb diebe !; detective m detektiv detektive !; prisoner m+ gefangen; guard m wächter = !;
reporter m reporter = !; officer m* polizist polizisten !; verdict n urteil urteile; document n dokument dokumente;
confession n geständnis geständnisse; law n gesetz gesetze; article m zeitungsartikel =; ring m ring ringe;
wallet f brieftasche brieftaschen; painting n gemälde =; necklace f halskette halsketten; glove m handschuh handschuhe;
camera f kamera kameras; gun f pistole pistolen; torch f taschenlampe taschenlampen; van m lieferwagen =;
motorcycle n motorrad motorräder; court n gericht gerichte; prison n gefängnis gefängnisse;
station m bahnhof bahnhöfe; museum n museum museen; shop m laden läden; trial m prozess prozesse;
hearing f anhörung anhörungen; robbery m raubüberfall raubüberfälle; arrest f festnahme festnahmen;
crime n verbrechen =; clue f spur spuren; motive n motiv motive; alibi n alibi alibis; case m fall fälle;
singer m sänger = !; actor m schauspieler = !; dancer m tänzer = !; pianist m* pianist pianisten !;
composer m* komponist komponisten !; fan m fan fans; song n lied lieder; play n theaterstück theaterstücke;
script n drehbuch drehbücher; ticket f eintrittskarte eintrittskarten; poster n plakat plakate;
melody f melodie melodien; costume n kostüm kostüme; mask f maske masken; prize m preis preise;
stool m hocker =; curtain m vorhang vorhänge; piano n klavier klaviere; violin f geige geigen; drum f trommel trommeln;
guitar f gitarre gitarren; microphone n mikrofon mikrofone; theater n theater =; stage f bühne bühnen;
studio n studio studios; opera f oper opern; concert n konzert konzerte; rehearsal f probe proben;
performance f aufführung aufführungen; festival n festival festivals; show f vorstellung vorstellungen;
role f rolle rollen; style m stil stile; scandal m skandal skandale; author m autor autoren !; color f farbe farben;
size f größe größen; end n ende enden`;

/** Where one is: in, an, auf. One goes `in` and `auf` with the accusative, `zu` with the dative. */
const PLACES = `
house in; street auf; room in; city in; garden in; village in; corner an; harbor in; island auf; lighthouse an zu;
beach an; dock an zu; cabin in; farm auf; field auf; barn in; forest in; stable in; river an; school in;
classroom in; library in; playground auf; gym in; kitchen in; restaurant in; bakery in; cafe in; cellar in;
bank in; office in; factory in; market auf; company in; hospital in; clinic in; ward auf; pharmacy in; court in;
prison in; station an zu; museum in; shop in; theater in; stage auf; studio in; opera in`;

/** First member of a compound, with its linking element: bootsbesitzer, hundebesitzer, autotür. */
const LINKED = `
house haus; room zimmer; city stadt; garden garten; village dorf; harbor hafen; island insel; farm bauernhof;
school schul; library bibliotheks; kitchen küchen; restaurant restaurant; bakery bäckerei; cafe café; cellar keller;
bank bank; office büro; factory fabrik; company firmen; hospital krankenhaus; clinic klinik; pharmacy apotheken;
prison gefängnis; station bahnhofs; museum museums; shop laden; theater theater; studio studio; opera opern; barn scheunen;
stable stall; cabin kajüten; classroom klassenzimmer; ship schiffs; boat boots; ferry fähr; tanker tanker; tractor traktor;
cart karren; truck lastwagen; car auto; taxi taxi; ambulance krankenwagen; helicopter hubschrauber; van lieferwagen;
motorcycle motorrad; horse pferde; cow kuh; sheep schaf; dog hunde; hen hennen; pig schweine; goat ziegen; goose gänse;
fox fuchs; cat katzen; mouse mäuse; parrot papageien; gull möwen; whale wal; crab krabben; dolphin delfin; fish fisch;
soup suppen; oyster austern; apple apfel; egg eier; potato kartoffel; milk milch; cheese käse; carrot karotten;
honey honig; cake kuchen; bread brot; pie pasteten; tomato tomaten; onion zwiebel; rice reis; salad salat;
chicken hähnchen; wine wein; door tür; safe tresor; book buch; letter brief; report berichts;
song lied; poem gedicht; script drehbuch; cookbook kochbuch; textbook lehrbuch; diary tagebuch; recipe rezept;
coat mantel; lamp lampen; table tisch; chair stuhl; bag taschen; flag flaggen; sail segel; glass glas; mask masken;
costume kostüm; ring ring; glove handschuh; curtain vorhang; roof dach; wall wand; fence zaun; gate tor; uniform uniform`;

/** Nouns that German joins with what they belong to: "the owner of the boat", der bootsbesitzer. */
const JOINING = new Set(
  'owner price door window key captain director author color size picture'.split(' '),
);

const entries = (table: string) =>
  table
    .trim()
    .split(/;\s*/)
    .map((entry) => entry.split(' ') as [string, string, string, string?, string?]);

function germanNoun([, mark, singular, plural = '-', female]: ReturnType<
  typeof entries
>[number]): GermanNoun {
  const gender = mark[0] as GrammaticalGender;
  const adjectival = mark[1] === '+';
  return {
    ...{ gender, singular, weak: mark[1] === '*', adjectival },
    plural: adjectival || plural === '=' ? singular : plural === '-' ? null : plural,
    female: adjectival ? singular : female === '!' ? `${singular}in` : (female ?? null),
  };
}

const nouns = new Map(entries(TABLE).map((entry) => [entry[0], germanNoun(entry)]));
const places = new Map<string, GermanPlace>(
  entries(PLACES).map(([id, at, to]) => [
    id,
    {
      at,
      to: to ? { preposition: to, case: 'dative' } : { preposition: at, case: 'accusative' },
    },
  ]),
);
const linked = new Map(entries(LINKED).map(([id, form]) => [id, form]));

/** German entry of a noun lemma. @throws RangeError for a lemma without one */
export function germanNounOf(id: string): GermanNoun {
  const entry = nouns.get(id);
  if (!entry) throw new RangeError(`no German noun for "${id}"`);
  return entry;
}

/** Prepositions of a place. @throws RangeError for a noun that is no place */
export function germanPlace(id: string): GermanPlace {
  const entry = places.get(id);
  if (!entry) throw new RangeError(`no German preposition for "${id}"`);
  return entry;
}

/** "boots" for boot + besitzer; null when the two nouns do not join. */
export function compoundPrefix(head: string, whole: string): string | null {
  return JOINING.has(head) ? (linked.get(whole) ?? null) : null;
}

/** Lemmas of the lexicon without a German noun, or places without a preposition; empty. */
export function nounsWithoutGerman(): string[] {
  return [...NOUNS.values()]
    .filter(({ id, kind }) => !nouns.has(id) || (kind === 'place' && !places.has(id)))
    .map(({ id }) => id);
}
