/** The cache options of `g2lstm eval`. */
import { UsageError } from '../../errors.js';
import type { NeuralCacheOptions } from '../../lm/neural-cache.js';
import type { CacheRunEvaluation, CacheRunSearch } from '../../runs/lm/load-run.js';
import {
  choiceOption,
  integerOption,
  type OptionSpec,
  type Values,
} from '../../terminal/command.js';
import { textTable } from '../../terminal/table.js';

export const CACHE_OPTIONS = {
  cache: { type: 'boolean', help: 'mix in the continuous neural cache (Grave et al. 2016)' },
  'search-cache': {
    type: 'boolean',
    help: 'choose its theta and lambda on valid, then use them on the text',
  },
  'cache-theta': {
    type: 'string',
    value: 'X',
    help: 'sharpness of the cache (default 1; several for --search-cache: 0.5,1,2)',
  },
  'cache-lambda': {
    type: 'string',
    value: 'X',
    help: 'its weight in the mixture (default 0.1; several for --search-cache)',
  },
  'cache-window': { type: 'string', value: 'N', help: 'words it looks back (default 500)' },
  'cache-variant': {
    type: 'string',
    value: 'NAME',
    help: 'growing (default) or full-window, the rule of the published pointer.py',
  },
} satisfies Record<string, OptionSpec>;

/** What the options ask for. */
export interface CacheChoice {
  /** `null`: no cache. */
  kind: 'mix' | 'search' | null;
  options: Pick<NeuralCacheOptions, 'window' | 'variant'>;
  thetas: number[] | undefined;
  lambdas: number[] | undefined;
}

function numbers(values: Values, name: string, most: number): number[] | undefined {
  const given = values[name] as string | undefined;
  if (given === undefined) return undefined;
  return given.split(',').map((text) => {
    const x = Number(text);
    if (text.trim() === '' || !(x >= 0 && x <= most))
      throw new UsageError(
        `--${name} ${given}: give ${most === 1 ? 'a number from 0 to 1' : 'a number of at least 0'}, or several separated by commas for --search-cache`,
      );
    return x;
  });
}

/** Reads and checks the cache options. @throws UsageError */
export function cacheChoice(values: Values): CacheChoice {
  if (values.cache && values['search-cache'])
    throw new UsageError('--cache and --search-cache: one of them');
  const kind = values['search-cache'] ? 'search' : values.cache ? 'mix' : null;
  const given = Object.keys(CACHE_OPTIONS).find((name) => values[name] !== undefined);
  if (kind === null && given !== undefined)
    throw new UsageError(`--${given} does nothing without --cache or --search-cache`);
  const thetas = numbers(values, 'cache-theta', Number.MAX_VALUE);
  const lambdas = numbers(values, 'cache-lambda', 1);
  if (kind === 'mix')
    for (const [name, list] of [['theta', thetas] as const, ['lambda', lambdas] as const])
      if (list && list.length > 1)
        throw new UsageError(`--cache-${name}: several values need --search-cache`);
  const batch = values.batch as string | undefined;
  if (kind !== null && batch !== undefined && Number(batch) !== 1)
    throw new UsageError('--batch: the cache needs one unbroken context; leave --batch out');
  const options = {
    window: integerOption(values, 'cache-window', 1, 1_000_000),
    variant: choiceOption(values, 'cache-variant', ['growing', 'full-window'] as const),
  };
  return { kind, options, thetas, lambdas };
}

/** Facts of an evaluation with cache, name and value. */
export function cacheFacts(cache: CacheRunEvaluation['cache']): [string, string][] {
  const rule = cache.variant === 'growing' ? '' : ' (full windows only, as pointer.py)';
  return [
    ['cache', `theta ${cache.theta}, lambda ${cache.lambda}, window ${cache.window}${rule}`],
    ['with cache', `perplexity ${cache.perplexity.toFixed(2)}`],
  ];
}

const atEdge = (list: readonly number[], value: number): boolean =>
  list.length > 1 && (value === Math.min(...list) || value === Math.max(...list));

/** The grid of a search as a table, its best marked. */
export function searchTable({ search }: CacheRunSearch): string {
  const { thetas, lambdas, perplexities, best } = search;
  const rows = thetas.map((theta, t) => [
    `theta ${theta}`,
    ...lambdas.map((lambda, l) => {
      const chosen = theta === best.theta && lambda === best.lambda;
      return `${chosen ? '*' : ''}${perplexities[t]![l]!.toFixed(2)}`;
    }),
  ]);
  const columns = [
    { title: 'valid' },
    ...lambdas.map((lambda) => ({ title: `lambda ${lambda}`, align: 'right' as const })),
  ];
  const alone = `valid without cache ${search.withoutCache.perplexity.toFixed(2)}`;
  const lowest = `best ${search.perplexity.toFixed(2)} (*)`;
  const edges = [
    atEdge(thetas, search.best.theta) ? 'theta' : '',
    atEdge(lambdas, search.best.lambda) ? 'lambda' : '',
  ].filter(Boolean);
  const hint = edges
    .map((name) => `\nbest ${name} is at the grid's edge: try others with --cache-${name} A,B,C`)
    .join('');
  return `${textTable(columns, rows)}\n${alone}, ${lowest}${hint}`;
}
