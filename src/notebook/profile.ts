/** The scale at which a notebook runs its experiments. */
import { UserError } from '../errors.js';

/** `demo`: minutes, on made data; `small`: hours, on real data; `paper`: the paper's own settings. */
export const PROFILES = ['demo', 'small', 'paper'] as const;

export type Profile = (typeof PROFILES)[number];

/** The scale asked for by `g2lstm notebook run --profile` or by the variable G2_PROFILE; default demo. */
export function profile(): Profile {
  const name = process.env.G2_PROFILE || 'demo';
  const known = PROFILES.find((p) => p === name);
  if (!known) throw new UserError(`G2_PROFILE=${name}: choose ${PROFILES.join(', ')}`);
  return known;
}
