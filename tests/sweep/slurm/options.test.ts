import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '#src/errors.js';
import { SLURM_DEFAULTS, sbatchPair, slurmOptions } from '#src/sweep/slurm/options.js';
import { timeLimitSeconds } from '#src/sweep/slurm/time-limit.js';

test('time limits in every form of Slurm', () => {
  const seconds: Record<string, number> = {
    '90': 5400,
    '1:30': 90,
    '2:30:00': 9000,
    '1-0': 86_400,
    '1-12': 129_600,
    '2-01:30': 178_200,
    '2-01:30:15': 178_215,
    UNLIMITED: Number.POSITIVE_INFINITY,
    '0': Number.POSITIVE_INFINITY,
  };
  for (const [text, expected] of Object.entries(seconds))
    assert.equal(timeLimitSeconds(text), expected, text);
  for (const text of ['', '1h', '1:2:3:4', '-5', '1-', '1.5', '2 h', '1-2-3', '5\n'])
    assert.equal(timeLimitSeconds(text), null, JSON.stringify(text));
});

test('options are checked, each refusal names its flag', () => {
  assert.deepEqual(slurmOptions({}), SLURM_DEFAULTS);
  const refused: [Parameters<typeof slurmOptions>[0], RegExp][] = [
    [{ time: '2h' }, /--time 2h: Slurm takes MINUTES/],
    [{ time: '1' }, /--time 1 is not longer than --signal-delay-s 90/],
    [{ time: '0:30', signalDelaySeconds: 60 }, /not longer/],
    [{ memGb: 0 }, /--mem-gb 0/],
    [{ memGb: Number.NaN }, /--mem-gb NaN/],
    [{ partition: 'gpu big' }, /--partition "gpu big"/],
    [{ account: "x'y" }, /--account/],
    [{ sbatch: [['comment', 'a\nb']] }, /--sbatch comment/],
  ];
  for (const [given, words] of refused)
    assert.throws(
      () => slurmOptions(given),
      (error: Error) => error instanceof UsageError && words.test(error.message),
      JSON.stringify(given),
    );
  // Slurm counts whole minutes upwards: 1:30 is two minutes.
  assert.equal(slurmOptions({ time: '1:30', signalDelaySeconds: 100 }).time, '1:30');
});

test('--sbatch takes long options that the scripts do not set themselves', () => {
  assert.deepEqual(sbatchPair('gres=gpu:1'), ['gres', 'gpu:1']);
  assert.deepEqual(sbatchPair('--exclusive'), ['exclusive', null]);
  assert.deepEqual(sbatchPair('comment=a=b'), ['comment', 'a=b']);
  assert.throws(() => sbatchPair('partition=gpu'), /use --partition instead/);
  assert.throws(() => sbatchPair('mem=4G'), /use --mem-gb instead/);
  assert.throws(() => sbatchPair('output=x'), /a sweep sets output itself/);
  for (const text of ['-p=gpu', 'p', '=x', 'GRES=1', '', 'a b=1'])
    assert.throws(() => sbatchPair(text), /give a long option of sbatch/, text);
});
