import { type Field, fieldsOf, type Schema } from './schema.js';

/**
 * The keys of a schema as a plain-text table for `--help`: key, value, meaning and what is
 * allowed; a round bracket leaves the bound itself out. `values` shows a preset's values in place of the defaults.
 */
export function schemaTable<T extends object>(
  schema: Schema<T>,
  options: { values?: Partial<T>; width?: number } = {},
): string {
  const { values = {}, width = 100 } = options;
  const rows = [...fieldsOf(schema)].map(([key, field]) => {
    const value = (values as Record<string, unknown>)[key] ?? field.default;
    return { key, value: String(value), text: `${field.doc}${range(field)}` };
  });
  const keyWidth = Math.max('key'.length, ...rows.map((row) => row.key.length));
  const valueWidth = Math.max('default'.length, ...rows.map((row) => row.value.length));
  const indent = 2 + keyWidth + 2 + valueWidth + 2;
  const line = (key: string, value: string, text: string) => {
    const [first = '', ...rest] = wrap(text, Math.max(20, width - indent));
    const head = `  ${key.padEnd(keyWidth)}  ${value.padEnd(valueWidth)}  ${first}`;
    return [head, ...rest.map((more) => ' '.repeat(indent) + more)].join('\n');
  };
  const title = line('key', Object.keys(values).length > 0 ? 'value' : 'default', 'meaning');
  return `${[title, ...rows.map((row) => line(row.key, row.value, row.text))].join('\n')}\n`;
}

/** What is allowed, as short as a table wants it: `[1..16]`, `(0..100]`, `[f | i | fi]`. */
function range(field: Field): string {
  if (field.type === 'choice') return ` [${field.choices.join(' | ')}]`;
  if (field.type === 'string' || field.type === 'boolean') return '';
  const { min, max, above, below } = field;
  const low = above === undefined ? `[${min ?? ''}` : `(${above}`;
  const high = below === undefined ? `${max ?? ''}]` : `${below})`;
  return ` ${low}..${high}`;
}

/** Breaks text at spaces into lines of at most `width` characters. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
