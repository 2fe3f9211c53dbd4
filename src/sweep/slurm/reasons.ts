/** Why a job waits or ended: the rest of a sentence that begins with its number. */
import type { QueuedJob } from './queue.js';

/** Words of Slurm (squeue's REASON), in lower case, for waiting jobs. */
const WAITING: readonly (readonly [reason: RegExp, sentence: string])[] = [
  [/^none$/, 'was just submitted: Slurm has not looked at it yet'],
  [/^resources$/, 'waits for free nodes; it is next in line'],
  [/^priority$/, 'waits behind jobs of higher priority'],
  [
    /^dependencyneversatisfied$/,
    'waits for ever: a job it depends on ended otherwise than asked; cancel it',
  ],
  [/^dependency$/, 'waits for other jobs to end'],
  [/^jobarraytasklimit$/, 'waits for its turn: --array-parallelism tasks run already'],
  [
    /^partitiontimelimit$/,
    "waits for ever: --time is above the partition's limit; cancel and submit with less (tasks go on where they stopped)",
  ],
  [
    /^partitionnodelimit$/,
    "waits for ever: it asks for more than the partition's nodes have; cancel and ask for less",
  ],
  [/^partition(down|inactive)$/, 'waits until the partition is opened again'],
  [
    /^partitionconfig$/,
    'waits for ever: the partition gives no job so much, or not this kind; cancel, ask for less or choose another --partition',
  ],
  [
    /^qosmaxwalldurationperjoblimit$/,
    'waits for ever: --time is above the limit of the QOS; cancel and submit with less',
  ],
  [
    /^qos(grp|max).*wall|^qosgrp.*minutes/,
    'waits: the QOS has used up its time; it starts when some is free again',
  ],
  [/^qosmax(job|submit)|^qosgrp(job|submit)/, 'waits: as many jobs of yours run as the QOS allows'],
  [
    /^qosmax.*(perjob|pernode)/,
    'waits for ever: it asks for more than the QOS gives one job; cancel and ask for less',
  ],
  [/^qos(max|grp|min)/, 'waits: the CPUs, memory or nodes that the QOS allows are in use'],
  [/^qosusagethreshold$/, 'waits: the account has used more than its share'],
  [
    /^(qosnotallowed|invalidqos)$/,
    'waits for ever: this --qos may not be used here; cancel and choose another',
  ],
  [
    /^(invalidaccount|assocnotallowed)$/,
    'waits for ever: this --account may not be used here; cancel and choose another',
  ],
  [/^assoc(grp|max).*(minutes|wall)/, 'waits: the account has used up its time'],
  [/^assoc(max|grp)(job|submit)/, 'waits: as many jobs run as the account allows'],
  [/^assoc(grp|max)/, 'waits: the CPUs, memory or nodes that the account allows are in use'],
  [
    /^reqnodenotavail/,
    'waits: nodes it could use are down, reserved for maintenance or in use; a shorter --time may fit in before',
  ],
  [/^nodedown$/, 'waits: a node it needs is down'],
  [
    /^nodesdown|^nodes required.*(down|drained)/,
    'waits: the nodes it needs are down, drained or reserved',
  ],
  [/^badconstraints$/, 'waits for ever: no node has what it asks for; cancel and ask for less'],
  [
    /^begintime$/,
    'waits for its time to begin: minutes after it was put back into the queue, longer with --sbatch begin=...',
  ],
  [/^reservation(deleted)?$/, 'waits for its reservation'],
  [/^licenses$/, 'waits for a licence'],
  [/^cleaning$/, 'is being cleared away from its last node before it starts again'],
  [/^prolog$/, 'waits while its node is prepared'],
  [
    /launch failed requeued held|jobholdmaxrequeue|jobheldadmin/,
    'is held: its start failed on a node, or who runs the cluster held it; "scontrol release" lets it go when they say so',
  ],
  [/^jobhelduser$/, 'is held by you: "scontrol release" lets it go'],
  [/^jobhold/, 'is held: "scontrol release" lets it go'],
  [/^(frontenddown|bootfail|systemfailure)/, 'waits: Slurm has trouble with its nodes'],
  [/^nodefail/, 'lost its node and waits for another'],
];

/** The same for jobs that ended. */
const ENDED: readonly (readonly [word: RegExp, sentence: string])[] = [
  [
    /:53\b/,
    'could not open its log (0:53): is the folder logs of the sweep there, and can its nodes write to it?',
  ],
  [
    // What 22.05 says of every job that a signal ended, 53 for a log that cannot be opened too.
    /joblaunchfailure|launch_failed/,
    'was killed, or could not be started: without a log, look whether its nodes can write to the folder logs of the sweep',
  ],
  [/out_?of_?memory/, 'needed more memory than it had: submit with a higher --mem-gb'],
  [/^timeout\|/, 'was ended at its time limit; the same command submits it again'],
  [/^deadline\|/, 'was ended at its deadline'],
  [/^(node_fail|boot_fail)\||nodefail/, 'lost its node; the same command submits it again'],
  [/^preempted\|/, 'made room for a more urgent job; the same command submits it again'],
  [/^cancelled\|/, 'was cancelled; the same command submits it again'],
  [
    /raisedsignal:9\b/,
    'was killed (signal 9), for want of memory perhaps; the same command submits it again',
  ],
  [
    /raisedsignal:10\b/,
    'was warned of its time limit before it listened: give more --time or a shorter --signal-delay-s',
  ],
  [/raisedsignal/, 'was ended by a signal'],
  [/^completed\|/, 'ended well, says Slurm'],
];

/** One sentence on a job that waits, runs or ended. Words nobody foresaw are shown as Slurm has them. */
export function explainJob({ state, reason }: Pick<QueuedJob, 'state' | 'reason'>): string {
  const words = `${state}|${reason}`.toLowerCase();
  const ended = ENDED.find(([pattern]) => pattern.test(words));
  switch (state) {
    case 'PENDING':
    case 'REQUEUED': {
      const known = WAITING.find(([pattern]) => pattern.test(reason.toLowerCase()));
      return known?.[1] ?? unknown('waits', reason);
    }
    case 'REQUEUE_HOLD':
    case 'SPECIAL_EXIT':
      return 'is held after it failed to start: "scontrol release" lets it go';
    case 'RUNNING':
      return 'runs';
    case 'CONFIGURING':
      return 'waits while its node is prepared';
    case 'COMPLETING':
      return 'has ended and is being cleared away';
    case 'SUSPENDED':
    case 'STOPPED':
      return 'was suspended for a more urgent job; it goes on by itself';
    case 'STAGE_OUT':
    case 'SIGNALING':
    case 'RESIZING':
      return 'runs';
    case 'FAILED':
      return (
        ended?.[1] ??
        (/^(none|nonzeroexitcode)$/i.test(reason)
          ? 'failed: its log says why'
          : unknown('failed', reason))
      );
    default:
      return ended?.[1] ?? unknown(`is ${state}`, reason);
  }
}

const unknown = (what: string, reason: string): string =>
  `${what}: ${reason} (see "man squeue", JOB REASON CODES)`;
