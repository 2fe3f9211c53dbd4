/** One line of `g2lstm doctor`. */
export interface Finding {
  /** What was looked at: `Node.js`. */
  name: string;
  /** `note`: works, but could be better or may surprise; `problem`: work cannot be done. */
  status: 'ok' | 'note' | 'problem';
  /** What was found and what it means. */
  text: string;
  /** What to do about it. */
  advice?: string;
  /** More lines, for those who look into it. */
  details?: string[];
}

/** Findings as an aligned list. */
export function findingList(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map((f) => f.name.length)) + 2;
  const indent = ' '.repeat(9 + width);
  return findings
    .flatMap(({ name, status, text, advice, details = [] }) => [
      `${status.padEnd(9)}${name.padEnd(width)}${text.replaceAll('\n', `\n${indent}`)}`,
      ...details.map((line) => `${indent}${line}`),
      ...(advice ? [`${indent}-> ${advice}`] : []),
    ])
    .join('\n');
}

/** The finding, or a problem that says why it could not be made. */
export async function attempt(
  name: string,
  make: () => Finding | Finding[] | Promise<Finding | Finding[]>,
): Promise<Finding[]> {
  try {
    return [await make()].flat();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return [{ name, status: 'problem', text }];
  }
}
