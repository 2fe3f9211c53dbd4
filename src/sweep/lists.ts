/** The tasks of a sweep for other people's schedulers. */
import { UserError } from '../errors.js';
import { shellWord } from '../terminal/shell-word.js';
import { visible } from '../terminal/visible.js';

/**
 * A command line for `sh`, every word as it is.
 * @throws UserError for a word with a line break, which a list of lines cannot hold
 */
export function shellLine(words: readonly string[]): string {
  const broken = words.find((word) => word.includes('\n'));
  if (broken !== undefined)
    throw new UserError(
      `${visible(broken)}: a list of command lines cannot hold a name with a line break. Choose another --out, --data or place of g2lstm.`,
    );
  return words.map(shellWord).join(' ');
}

/** A string of a YAML text, whatever it holds: JSON, without characters that YAML takes for line ends. */
const yamlString = (text: string): string => visible(JSON.stringify(text));

/** A word in a container's arguments, in which Kubernetes puts values for `$(NAME)`. */
const containerWord = (word: string): string => shellWord(word).replaceAll('$', '$$$$');

/** What a Kubernetes manifest says of a sweep. */
export interface JobFacts {
  /** Folder name of the sweep. */
  name: string;
  /** Number of tasks. */
  completions: number;
  /** Most pods at a time. */
  parallelism: number;
  threads: number;
  /** Container image. Default one to be replaced. */
  image?: string;
  /** Claim of the volume that holds the sweep. Default one to be replaced. */
  claim?: string;
}

/** A name as Kubernetes takes it: RFC 1123, short enough for pods to add their index. */
const dnsName = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .slice(0, 50)
    .replace(/^-+|-+$/g, '') || 'sweep';

/**
 * A Kubernetes Indexed Job of all tasks; the completion index is the task's. Pods that exit with 75
 * (a checkpoint after TERM) or are evicted are made anew without counting as failures; a task that
 * fails three times, or was used wrongly (2), is given up without stopping the others.
 */
export function jobManifest(facts: JobFacts): string {
  const { completions, parallelism, threads } = facts;
  const name = dnsName(facts.name);
  const task = `g2lstm sweep-task ${containerWord(`/sweeps/${facts.name}`)} $JOB_COMPLETION_INDEX`;
  const line = yamlString(`exec ${task} --threads ${threads}`);
  const image = yamlString(facts.image ?? 'registry.example/g2lstm:latest');
  const claim = yamlString(facts.claim ?? 'sweeps');
  return `# Kubernetes 1.29 or later (backoffLimitPerIndex). The sweep's folder lies on the claim, as ${visible(facts.name)}.
# If it has data of its own (--data), add --data with the place where the pods see it.
apiVersion: batch/v1
kind: Job
metadata:
  name: ${name}
spec:
  completionMode: Indexed
  completions: ${completions}
  parallelism: ${parallelism}
  backoffLimitPerIndex: 2
  podFailurePolicy:
    rules:
      # a checkpoint is kept: start again, and do not count it
      - action: Ignore
        onExitCodes:
          containerName: task
          operator: In
          values: [75]
      # drained, evicted or preempted
      - action: Ignore
        onPodConditions:
          - type: DisruptionTarget
      # used wrongly: another try would end the same way
      - action: FailIndex
        onExitCodes:
          containerName: task
          operator: In
          values: [2]
  template:
    spec:
      # podFailurePolicy asks for it
      restartPolicy: Never
      # from TERM to KILL: time for the step under way and a checkpoint
      terminationGracePeriodSeconds: 120
      containers:
        - name: task
          image: ${image}
          # exec: TERM must reach the task, not a shell
          command: [sh, -c]
          args:
            - ${line}
          resources:
            requests:
              cpu: "${threads}"
              memory: 2Gi
            limits:
              memory: 4Gi
          volumeMounts:
            - name: sweeps
              mountPath: /sweeps
      volumes:
        - name: sweeps
          persistentVolumeClaim:
            claimName: ${claim}
`;
}
