/** The variables of all cells, and what else the scripts of cells use (cell-script.ts). */
import { types } from 'node:util';
import type { Declared } from './cell-script.js';
import type { Progress } from './places.js';

type Module = Record<string, unknown>;
type Require = (name: string) => Module;

/** tslab's global: the scripts of cells find there what they need. */
interface TslabGlobal {
  exports: object;
  require: Require;
}

/** A value that is no `Error` and was thrown by a cell, with the stack of that moment. */
let thrown: { value: unknown; stack: string } | undefined;

/** The stack of a thrown value that has none of its own. */
export function stackOf(value: unknown): string | undefined {
  if (value instanceof Error) return value.stack;
  return thrown && Object.is(thrown.value, value) ? thrown.stack : undefined;
}

/** `import name` of a module that is none of ECMAScript means the whole module. */
const withDefault = (module: Module): Module => (module?.__esModule ? module : { default: module });

/** `import * as name`. */
function namespaceOf(module: Module): Module {
  if (module?.__esModule || types.isModuleNamespaceObject(module)) return module;
  return { ...module, default: module };
}

/** The variables of a notebook's cells. */
export class Variables {
  /** Never yet initialised names are accessors here that throw, until they are assigned. */
  private readonly unset: object = Object.create(null);
  /** One property for each; no names of `Object.prototype` are among them. */
  private readonly values: Record<string, unknown>;

  constructor() {
    // by a constructor: an object made with `Object.create` is slow to read
    const Values = function Values() {} as unknown as new () => Record<string, unknown>;
    Values.prototype = this.unset;
    this.values = new Values();
  }

  has(name: string): boolean {
    return name in this.values;
  }

  /** Makes names known before the cell that declares them runs. */
  declare({ lexical, hoisted }: Declared): void {
    for (const name of hoisted) if (!this.has(name)) this.values[name] = undefined;
    for (const name of lexical) if (!this.has(name)) this.announce(name);
  }

  /** Reaching a variable before its declaration was run is an error, as everywhere in JavaScript. */
  private announce(name: string): void {
    Object.defineProperty(this.unset, name, {
      get() {
        throw new ReferenceError(`Cannot access '${name}' before initialization`);
      },
      set(this: object, value: unknown) {
        Object.defineProperty(this, name, {
          value,
          writable: true,
          enumerable: true,
          configurable: true,
        });
      },
    });
  }

  /**
   * Puts all of it where scripts look; tslab's executor has made its global before.
   * @param begin told of each cell that starts, with where in it the script is
   */
  attach(begin: (progress: Progress) => void): void {
    const global = (globalThis as unknown as { __tslab__: TslabGlobal }).__tslab__;
    const { exports, require } = global;
    Object.assign(global, {
      variables: this.values,
      start: () => {
        const progress = { at: 0 };
        begin(progress);
        return Object.assign(progress, {
          exports,
          require,
          default: withDefault,
          star: namespaceOf,
          import: async (name: string) => namespaceOf(require(name)),
          thrown(value: unknown) {
            if (!(value instanceof Error)) thrown = { value, stack: new Error().stack ?? '' };
            return value;
          },
        });
      },
    });
  }
}
