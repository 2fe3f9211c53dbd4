/** Time limits as Slurm writes them. */

/** The forms that Slurm takes, for messages. */
export const TIME_FORMS =
  'MINUTES, MINUTES:SECONDS, HOURS:MINUTES:SECONDS, DAYS-HOURS, DAYS-HOURS:MINUTES or DAYS-HOURS:MINUTES:SECONDS';

/**
 * Seconds of a time limit in one of `TIME_FORMS`; infinite for `0`, `UNLIMITED` and `INFINITE`
 * (Slurm: the limit of the partition); null when it is none of them.
 */
export function timeLimitSeconds(text: string): number | null {
  if (/^(0|unlimited|infinite)$/i.test(text)) return Number.POSITIVE_INFINITY;
  const days = /^(\d+)-(\d+)(?::(\d+))?(?::(\d+))?$/.exec(text);
  const plain = /^(\d+)(?::(\d+))?(?::(\d+))?$/.exec(text);
  const number = (part: string | undefined) => Number(part ?? 0);
  if (days) {
    const [, d, h, m, s] = days;
    return ((number(d) * 24 + number(h)) * 60 + number(m)) * 60 + number(s);
  }
  if (!plain) return null;
  const [, a, b, c] = plain;
  // Two numbers are minutes and seconds, three begin with hours.
  if (c !== undefined) return (number(a) * 60 + number(b)) * 60 + number(c);
  return number(a) * 60 + number(b);
}
