/** Adjectives, adverbs, conjunctions and times of the lexicon in German. */
const table = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text
      .trim()
      .split(/\s*;\s*/)
      .map((entry) => {
        const [id, ...german] = entry.split(' ') as [string, ...string[]];
        return [id, german.join(' ')] as const;
      }),
  );

const ADJECTIVES = table(`
young jung; old alt; tired müde; happy glücklich; angry wütend; famous berühmt; honest ehrlich; nervous nervös;
careful vorsichtig; clever klug; brave mutig; rich reich; poor arm; quiet ruhig; friendly freundlich;
busy beschäftigt; lonely einsam; polite höflich; lazy faul; curious neugierig; proud stolz; strict streng;
elegant elegant; small klein; hungry hungrig; wild wild; black schwarz; thin dünn; white weiß;
frightened verängstigt; gentle sanft; dangerous gefährlich; fat dick; grey grau; fresh frisch; sweet süß;
cold kalt; cheap billig; hot heiß; delicious lecker; expensive teuer; new neu; fast schnell; slow langsam;
heavy schwer; yellow gelb; empty leer; rusty rostig; modern modern; useful nützlich; broken kaputt;
electric elektrisch; long lang; short kurz; strange seltsam; boring langweilig; secret geheim;
important wichtig; funny lustig; clear klar; large groß; red rot; blue blau; wooden hölzern; green grün;
beautiful schön; dirty schmutzig; sudden plötzlich; terrible schrecklich; unexpected unerwartet;
serious ernst; crowded überfüllt; dark dunkel; clean sauber; distant fern; difficult schwierig;
successful erfolgreich; simple einfach; good gut; bad schlecht; obvious offensichtlich; common üblich`);

const ADVERBS = table(`
quickly schnell; carefully sorgfältig; slowly langsam; quietly leise; suddenly plötzlich; easily mühelos;
secretly heimlich; finally schließlich; happily fröhlich; politely höflich; angrily wütend; calmly ruhig;
nervously nervös; proudly stolz; badly schlecht; gladly gern;
often oft; always immer; never nie; usually gewöhnlich; sometimes manchmal; rarely selten;
very sehr; too zu; so so; quite ziemlich; rather recht;
however allerdings; therefore daher; meanwhile inzwischen; unfortunately leider; later später;
fortunately zum glück; of-course natürlich; in-fact tatsächlich; for-example zum beispiel;
at-last endlich; at-first zuerst`);

/** Manner adverbs that comment on the whole event stand before the object. */
export const EARLY_MANNERS: ReadonlySet<string> = new Set(
  'suddenly secretly finally gladly'.split(' '),
);

const TIMES: Readonly<Record<string, string>> = {
  yesterday: 'gestern',
  'last week': 'letzte woche',
  'in the evening': 'am abend',
  'last year': 'letztes jahr',
  '# days ago': 'vor # tagen',
  'that morning': 'an jenem morgen',
  'in 19#': 'im jahr 19#',
  'on monday': 'am montag',
  'last night': 'letzte nacht',
  'in the summer': 'im sommer',
  '# years ago': 'vor # jahren',
  'in june': 'im juni',
  'after midnight': 'nach mitternacht',
  'on friday': 'am freitag',
  'every day': 'jeden tag',
  today: 'heute',
  'every morning': 'jeden morgen',
  now: 'jetzt',
  'on sundays': 'sonntags',
  'in the winter': 'im winter',
  'every week': 'jede woche',
  'at night': 'nachts',
  'this year': 'dieses jahr',
  tomorrow: 'morgen',
  'next week': 'nächste woche',
  soon: 'bald',
  'next year': 'nächstes jahr',
  'in # days': 'in # tagen',
  'on saturday': 'am samstag',
  tonight: 'heute abend',
};

/** Adjectives that German joins to the noun: holztisch, elektromotor. */
export const JOINED_ADJECTIVES: Readonly<Record<string, string>> = {
  wooden: 'holz',
  electric: 'elektro',
};

const NUMBERS = 'null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf'.split(' ');

function lookUp(words: ReadonlyMap<string, string>, id: string): string {
  const found = words.get(id);
  if (found === undefined) throw new RangeError(`no German word for "${id}"`);
  return found;
}

/** Stem of an adjective. @throws RangeError for a word without German */
export const germanAdjective = (id: string): string => lookUp(ADJECTIVES, id);
/** Manner, frequency, degree or connective. @throws RangeError for a word without German */
export const germanAdverb = (id: string): string => lookUp(ADVERBS, id);
/** Two to twelve as words, others as figures. */
export const germanNumber = (n: number): string => NUMBERS[n] ?? String(n);

/** Words of a time expression. @throws RangeError for one without German */
export function germanTime(id: string, number: number | null): string[] {
  const time = TIMES[id];
  if (time === undefined) throw new RangeError(`no German words for "${id}"`);
  return time.replace('#', number === null ? '' : germanNumber(number)).split(' ');
}
