import {
  type Command,
  integerOption,
  MOST_THREADS,
  noPositionals,
  printJson,
  SHARED,
  textOption,
} from '../terminal/command.js';
import { type Finding, findingList } from './doctor/examine.js';

function conclusion(findings: readonly Finding[]): string {
  const count = (status: Finding['status']) => findings.filter((f) => f.status === status).length;
  const [problems, notes] = [count('problem'), count('note')];
  if (problems > 0) return `${problems} problem${problems > 1 ? 's' : ''}: training will not work`;
  return `Everything needed works${notes > 0 ? `; ${notes} note${notes > 1 ? 's' : ''}` : ''}.`;
}

export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'What this machine offers, what it means, and how to get more.',
  options: { data: SHARED.data, threads: SHARED.threads },
  examples: ['g2lstm doctor', 'G2_THREADS=1 g2lstm doctor --json'],
  details: () =>
    'ok: as it should be; note: works, could be better; problem: training does not work.\nThe exit status is 1 only when there is a problem.',
  async run(values, positionals) {
    noPositionals('doctor', positionals);
    const options = {
      threads: integerOption(values, 'threads', 1, MOST_THREADS),
      data: textOption(values, 'data'),
    };
    const { examine, report } = await import('./doctor/examine.js');
    const examination = await examine(options);
    const { findings } = examination;
    const ok = !findings.some((f) => f.status === 'problem');
    if (values.json) printJson(report(examination));
    else process.stdout.write(`${findingList(findings)}\n\n${conclusion(findings)}\n`);
    return ok ? 0 : 1;
  },
};
