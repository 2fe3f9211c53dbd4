/** Why sbatch refuses a job, and what to do about it. */
import { UserError } from '../../errors.js';
import { complaint, type SlurmAnswer } from './call.js';

/** Words of Slurm, and what they ask of the person who submits. */
const ADVICE: readonly (readonly [words: RegExp, advice: string])[] = [
  [
    /unrecognized option|invalid option|unknown option/i,
    'look at the --sbatch options: "sbatch --help" lists what this version takes.',
  ],
  [/invalid partition/i, 'choose a --partition that "sinfo -s" lists.'],
  [
    /partition not available/i,
    'the partition is closed just now ("sinfo -s"): choose another --partition, or try again later.',
  ],
  [/invalid node name/i, 'look at --exclude: "sinfo -N" lists the nodes.'],
  [
    /group not permitted|access\/permission denied/i,
    'you may not use this --partition or --account; "sinfo -s" lists the partitions, ask who runs the cluster for access.',
  ],
  [
    /policy|submit limit|maxsubmit|job limit/i,
    'a limit of the account or QOS is reached: wait until some of your jobs are done, then give the same command again.',
  ],
  [
    /time limit/i,
    'give a --time within the limit of the partition ("sinfo -o \'%P %l\'"): a task that needs longer goes on in its next turn.',
  ],
  [
    /array/i,
    'the cluster takes no array of this size ("scontrol show config | grep MaxArraySize").',
  ],
  [
    /invalid account/i,
    'give an --account that you may use in this partition ("sacctmgr show associations user=$USER").',
  ],
  [/invalid qos/i, 'give a --qos that you have ("sacctmgr show qos").'],
  [
    /memory/i,
    'no node of the partition has as much: lower --mem-gb ("sinfo -o \'%P %m\'" shows megabytes).',
  ],
  [
    /node configuration|cpu count|processors/i,
    'no node fits: lower --cpus-per-task or --mem-gb, or choose another --partition.',
  ],
  [/gres|generic resource/i, 'the cluster has no such resource: look at --sbatch gres=...'],
  [/feature/i, 'no node has this feature: look at --constraint ("sinfo -o \'%N %f\'").'],
  [
    /unable to contact|connection refused|connect failure|socket timed out|communication/i,
    "Slurm's controller does not answer: try again later, or ask who runs the cluster.",
  ],
  [/munge|authentication/i, 'this machine may not talk to the cluster: submit on a login node.'],
  [/temporarily unable/i, 'the cluster takes no more jobs just now: try again later.'],
];

/** What to do about words of Slurm; null where nobody foresaw them. */
export const adviceFor = (words: string): string | null =>
  ADVICE.find(([pattern]) => pattern.test(words))?.[1] ?? null;

/** An answer of sbatch, or another command, that is not what was wanted, as an error in two lines. */
export function refusal(command: string, answer: SlurmAnswer): UserError {
  if (answer.kind === 'missing')
    return new UserError(
      `there is no ${command} on this machine: submit where Slurm is installed, a login node as a rule.\n--dry-run shows what would be submitted; --executor local runs the sweep here.`,
    );
  if (answer.kind === 'silent')
    return new UserError(
      `${command} did not answer within ${answer.seconds} s. Slurm's controller may be down ("scontrol ping").\nLook at "squeue --me" before you try again: what was asked may still have arrived.`,
    );
  const words = complaint(answer);
  const advice = adviceFor(`${answer.stderr}\n${answer.stdout}`);
  return new UserError(
    `${command} refused: ${words}${advice ? `\n${advice[0]!.toUpperCase()}${advice.slice(1)}` : ''}`,
  );
}
