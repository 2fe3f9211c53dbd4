/** The compression options of `g2lstm eval`. */

import type { NamedParameters } from '../../cell/named-parameters.js';
import { COMPRESSION_VARIANTS, type CompressionVariant } from '../../compression/gate-blocks.js';
import type { CompressionReport, Sizes } from '../../compression/report.js';
import {
  COMPRESSION_FORMS,
  type CompressionSpec,
  parseCompression,
} from '../../compression/spec.js';
import { UsageError } from '../../errors.js';
import { choiceOption, type OptionSpec, textOption, type Values } from '../../terminal/command.js';
import { shownPath } from '../../terminal/shown-path.js';
import { grouped } from '../../terminal/table.js';

export const COMPRESS_OPTIONS = {
  compress: {
    type: 'string',
    value: 'SPEC',
    help: `compress input and forget gates first: ${COMPRESSION_FORMS.join(', ')}`,
  },
  'compress-variant': {
    type: 'string',
    value: 'NAME',
    help: 'which blocks: paper (default), or code, those of the published code',
  },
  'compress-out': {
    type: 'string',
    value: 'FILE',
    help: 'safetensors file to write the compressed model to',
  },
  compressed: {
    type: 'string',
    value: 'FILE',
    help: "measure the compressed weights of such a file instead of the run's own",
  },
} satisfies Record<string, OptionSpec>;

/** What the options ask for: to compress, or to take what is compressed already. */
export type CompressChoice =
  | { kind: 'compress'; spec: CompressionSpec; variant: CompressionVariant; file?: string }
  | { kind: 'stored'; file: string };

/** Reads and checks the options; null where nothing is to be compressed. @throws UsageError */
export function compressChoice(values: Values): CompressChoice | null {
  const text = textOption(values, 'compress');
  const variant = choiceOption(values, 'compress-variant', COMPRESSION_VARIANTS);
  const file = textOption(values, 'compress-out');
  const stored = textOption(values, 'compressed');
  if (stored !== undefined) {
    if (text !== undefined)
      throw new UsageError(
        '--compress changes the weights, --compressed reads changed ones: one of them',
      );
    if (values.from !== undefined || values.import !== undefined)
      throw new UsageError('--compressed brings all weights: leave --from and --import out');
  }
  if (text === undefined) {
    const given = Object.keys(values).find((name) => name.startsWith('compress-'));
    if (given !== undefined) throw new UsageError(`--${given} does nothing without --compress`);
    return stored === undefined ? null : { kind: 'stored', file: stored };
  }
  return { kind: 'compress', spec: parseCompression(text), variant: variant ?? 'paper', file };
}

/** The report of a compression, or what a file says of it, and the file written or read. */
export interface Compressed {
  report: CompressionReport | { spec: string; variant: string; gates: string };
  file?: { path: string; bytes: number };
}

/** Compresses the model and writes it where that is asked for, or takes the weights of a file. */
export async function compressAsAsked(
  model: NamedParameters,
  choice: CompressChoice | null,
): Promise<Compressed | null> {
  if (!choice) return null;
  if (choice.kind === 'stored') {
    const { loadCompressed } = await import('./compressed-file.js');
    const { tensors, compression: spec, variant, gates, bytes } = loadCompressed(choice.file);
    model.load(tensors, shownPath(choice.file));
    return { report: { spec, variant, gates }, file: { path: shownPath(choice.file), bytes } };
  }
  const { compressModel } = await import('../../compression/compress.js');
  const compression = await compressModel(model, choice.spec, { variant: choice.variant });
  const { report } = compression;
  if (choice.file === undefined) return { report };
  const { saveCompressed } = await import('./compressed-file.js');
  const bytes = saveCompressed(choice.file, model, compression);
  return { report, file: { path: shownPath(choice.file), bytes } };
}

/** For --json: `{ compression }`, or nothing. */
export const compressJson = (compressed: Compressed | null): Record<string, unknown> =>
  compressed
    ? {
        compression: {
          ...compressed.report,
          ...(compressed.file ? { file: compressed.file } : {}),
        },
      }
    : {};

const ratio = ({ bytesBefore, bytesAfter, ratio: times }: Sizes): string =>
  `${times.toFixed(1)}x, ${grouped(bytesBefore)} to ${grouped(bytesAfter)} bytes`;

/** For the list of facts. */
export function compressFacts(compressed: Compressed | null): [string, string][] {
  if (!compressed) return [];
  const { report, file } = compressed;
  if (!('blocks' in report))
    return [
      [
        'compression',
        `${report.spec}, gates ${[...report.gates].join(' and ')} (${report.variant})`,
      ],
      ['read', `${file!.path}, ${grouped(file!.bytes)} bytes`],
    ];
  const { spec, variant, gates, blocks, paper } = report;
  const total = blocks.reduce((n, { rows, columns }) => n + rows * columns, 0);
  const changed = blocks.reduce((n, block) => n + block.changed, 0);
  return [
    [
      'compression',
      `${spec}, gates ${[...gates].join(' and ')}, ${blocks.length} blocks (${variant})`,
    ],
    ['values changed', `${grouped(changed)} of ${grouped(total)}`],
    ['blocks', ratio(report.compressed)],
    ['gate parameters', ratio(report.gateParameters)],
    ['whole model', ratio(report.model)],
    ...(paper
      ? [
          ['paper', `${paper.ratio}x at ${grouped(paper.units)} units, ${paper.table}`] as [
            string,
            string,
          ],
        ]
      : []),
    ...(file
      ? [['written', `${file.path}, ${grouped(file.bytes)} bytes`] as [string, string]]
      : []),
  ];
}
