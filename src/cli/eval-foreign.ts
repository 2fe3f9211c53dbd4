/** The import and export options of `g2lstm eval`. */
import { UsageError } from '../errors.js';
import { FOREIGN_FORMATS, type ForeignFormat } from '../lm/foreign-weights.js';
import {
  choiceOption,
  type OptionSpec,
  printJson,
  textOption,
  type Values,
} from '../terminal/command.js';
import { shownPath } from '../terminal/shown-path.js';
import { grouped } from '../terminal/table.js';

export const FOREIGN_OPTIONS = {
  import: {
    type: 'string',
    value: 'CODE',
    help: 'RUN is a safetensors file of awd-lstm-lm (torch-lstm) or of g2-lstm',
  },
  export: {
    type: 'string',
    value: 'CODE',
    help: 'measure nothing, write the weights to --out as torch-lstm or g2-lstm has them',
  },
  out: { type: 'string', short: 'o', value: 'FILE', help: 'safetensors file of --export' },
} satisfies Record<string, OptionSpec>;

export interface ForeignChoice {
  import: ForeignFormat | undefined;
  export: { format: ForeignFormat; file: string } | undefined;
}

/** Reads and checks the options. @throws UsageError */
export function foreignChoice(values: Values): ForeignChoice {
  const from = choiceOption(values, 'import', FOREIGN_FORMATS);
  const to = choiceOption(values, 'export', FOREIGN_FORMATS);
  const out = textOption(values, 'out');
  if (from && to)
    throw new UsageError('--import reads weights and --export writes them: one of them');
  if (from && values.from !== undefined)
    throw new UsageError('--from names a checkpoint of a run; --import reads the one file');
  if (to && out === undefined)
    throw new UsageError(`--export ${to} needs a file: -o FILE.safetensors`);
  if (to && (values.cache || values['search-cache']))
    throw new UsageError('--export measures nothing: leave --cache and --search-cache out');
  if (!to && out !== undefined) throw new UsageError('--out does nothing without --export');
  return { import: from, export: to && { format: to, file: out! } };
}

/** Says what an export wrote. */
export function reportExport(
  wrote: { tensors: number; elements: number },
  { format, file }: NonNullable<ForeignChoice['export']>,
  json: boolean,
): void {
  if (json) printJson({ file: shownPath(file), format, ...wrote });
  else
    process.stdout.write(
      `${shownPath(file)}: ${wrote.tensors} tensors, ${grouped(wrote.elements)} numbers, as ${format}\n`,
    );
}

/** More of --help: how such a file is made. */
export const foreignHelp = (): string =>
  [
    'Weights of a PyTorch model of awd-lstm-lm or g2-lstm (clone: tied tensors share memory):',
    "  save_file({k: v.clone() for k, v in model.state_dict().items()}, 'awd.safetensors')",
    'A file does not say how its gates are evaluated; for a sharpened model add',
    '  --set gates=sharpened --set tau=0.2 --set evalTemperature=true',
  ].join('\n');
