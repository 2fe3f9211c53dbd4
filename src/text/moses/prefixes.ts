/**
 * Abbreviations whose full stop belongs to them, so that it is not cut off before the next word.
 * Which words these are is what Moses' tokeniser knows of English and German; a text tokenised
 * otherwise would not fit the published corpora.
 */

/** Languages with rules of their own. */
export type MosesLanguage = 'de' | 'en';

export const MOSES_LANGUAGES: readonly MosesLanguage[] = ['de', 'en'];

export interface NonbreakingPrefixes {
  always: ReadonlySet<string>;
  /** Only before a word that begins with a digit: `No. 7`. */
  beforeDigits: ReadonlySet<string>;
}

const split = (text: string): string[] => text.trim().split(/\s+/);

const CAPITALS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

/** Titles in front of names; German texts have the English ones too. */
const TITLES = split(`
  Adj Adm Adv Asst Bart Bldg Brig Bros Capt Cmdr Col Comdr Con Corp Cpl DR Dr Ens Gen Gov Hon Hosp
  Insp Lt MM MR MRS MS Maj Messrs Mlle Mme Mr Mrs Ms Msgr Op Ord Pfc Ph Prof Pvt Rep Reps Res Rev Rt
  Sen Sens Sfc Sgt Sr St Supt Surg
`);

const ENGLISH = split(`
  Drs Hr v vs i.e rev e.g Rs Nos Nr
  Jan Feb Mar Apr Jun Jul Aug Sep Oct Nov Dec
`);

const GERMAN = split(`
  Mio Mrd bzw v vs usw d.h z.B u.a etc MwSt ggf d.J D.h m.E vgl I.F z.T sogen ff u.E g.U g.g.A c.-à-d
  Buchst u.s.w sog u.ä Std evtl Zt Chr u.U o.ä Ltd b.A z.Zt spp sen SA k.o jun i.H.v dgl dergl Co zzt
  usf s.p.a Dkr bzgl BSE
  No Nos Art Nr pp ca Ca
`);

const ROMAN = split('I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII XVIII XIX XX');

/** German ordinals: `7.` is "7th". */
const ORDINALS = Array.from({ length: 99 }, (_, i) => `${i + 1}`);

const lower = (words: readonly string[]): string[] => words.map((word) => word.toLowerCase());

export const NONBREAKING_PREFIXES: Readonly<Record<MosesLanguage, NonbreakingPrefixes>> = {
  en: {
    always: new Set([...CAPITALS, ...TITLES, ...ENGLISH]),
    beforeDigits: new Set(['No', 'Art', 'pp']),
  },
  de: {
    always: new Set([
      ...[...CAPITALS, ...lower(CAPITALS), ...TITLES],
      ...[...GERMAN, ...ROMAN, ...lower(ROMAN), ...ORDINALS],
    ]),
    beforeDigits: new Set(),
  },
};
