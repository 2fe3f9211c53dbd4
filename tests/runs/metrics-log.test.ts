import assert from 'node:assert/strict';
import nodeFs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { UserError } from '#src/errors.js';
import { MetricsLog, readMetrics } from '#src/runs/metrics-log.js';
import { scratch } from './helpers.js';

test('a log is cut back to the checkpoint, then goes on as if never stopped', (t) => {
  const file = path.join(scratch(t), 'metrics.jsonl');
  const log = MetricsLog.open(file);
  log.append({ step: 1, word: 'ä' });
  log.append({ step: 2 });
  const position = log.sync();
  log.append({ step: 3 });
  log.append({ step: 4, loss: Number.NaN });
  log.close();
  log.close();
  const whole = nodeFs.readFileSync(file, 'utf8');

  const again = MetricsLog.open(file, position);
  assert.equal(again.position, position);
  assert.deepEqual(readMetrics(file), [{ step: 1, word: 'ä' }, { step: 2 }]);
  again.append({ step: 3 });
  again.append({ step: 4, loss: Number.NaN });
  again.close();
  assert.equal(nodeFs.readFileSync(file, 'utf8'), whole);
  assert.equal(readMetrics(file)[3]!['loss'], null);
  MetricsLog.open(file, 0).close();
  assert.equal(nodeFs.statSync(file).size, 0);
});

test('a half-written last line is passed over when reading and cut off when opening', (t) => {
  const file = path.join(scratch(t), 'metrics.jsonl');
  const text = '{"a":1}\n{"a":2}\n{"a":3';
  for (let length = 0; length <= text.length; length++) {
    nodeFs.writeFileSync(file, text.slice(0, length));
    const lines = text.slice(0, length).split('\n');
    const expected = lines.filter((line) => line.endsWith('}')).length;
    assert.equal(readMetrics(file).length, expected, `${length} bytes`);
    const log = MetricsLog.open(file);
    log.append({ a: 9 });
    log.close();
    assert.deepEqual(readMetrics(file).at(-1), { a: 9 });
    assert.equal(readMetrics(file).length, lines.length);
  }
});

test('a log that does not fit the checkpoint is an error; a deleted one starts anew', (t) => {
  const file = path.join(scratch(t), 'metrics.jsonl');
  nodeFs.writeFileSync(file, '{"a":1}\n');
  assert.throws(() => MetricsLog.open(file, 99), UserError);
  assert.throws(() => MetricsLog.open(file, 3), /no line ends at byte 3/);
  assert.equal(nodeFs.readFileSync(file, 'utf8'), '{"a":1}\n');
  nodeFs.unlinkSync(file);
  const log = MetricsLog.open(file, 99);
  assert.equal(log.position, 0);
  log.close();
});

test('readMetrics names the line that is broken; no file, no lines', (t) => {
  const file = path.join(scratch(t), 'metrics.jsonl');
  assert.deepEqual(readMetrics(file), []);
  nodeFs.writeFileSync(file, '{"a":1}\noops\n{"a":2}\n');
  assert.throws(() => readMetrics(file), /metrics\.jsonl line 2/);
  assert.throws(() => MetricsLog.open(path.join(file, 'x')), /part of the path is a file/);
});
