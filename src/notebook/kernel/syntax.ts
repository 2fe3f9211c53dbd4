/** The part of TypeScript's syntax tree that the kernel looks at. */

/** What the compiler knows of a name. */
interface Symbol {
  valueDeclaration?: SyntaxNode;
}

/** A node of the tree; which of the optional properties it has depends on its kind. */
export interface SyntaxNode {
  readonly kind: number;
  readonly end: number;
  readonly flags: number;
  readonly parent?: SyntaxNode;
  getStart(file: SyntaxNode): number;
  /** Names declared in a function, a block, a file. */
  readonly locals?: ReadonlyMap<string, Symbol>;
  readonly text?: string;
  readonly name?: SyntaxNode;
  readonly propertyName?: SyntaxNode;
  readonly label?: SyntaxNode;
  readonly expression?: SyntaxNode;
  readonly initializer?: SyntaxNode;
  readonly objectAssignmentInitializer?: SyntaxNode;
  readonly dotDotDotToken?: SyntaxNode;
  readonly left?: SyntaxNode;
  readonly right?: SyntaxNode;
  readonly operatorToken?: SyntaxNode;
  readonly tag?: SyntaxNode;
  readonly modifiers?: readonly SyntaxNode[];
  readonly body?: SyntaxNode;
  readonly statements?: readonly SyntaxNode[];
  readonly declarations?: readonly SyntaxNode[];
  readonly elements?: readonly SyntaxNode[];
  readonly members?: readonly SyntaxNode[];
  readonly declarationList?: SyntaxNode;
  readonly moduleSpecifier?: SyntaxNode;
  readonly importClause?: SyntaxNode;
  readonly namedBindings?: SyntaxNode;
  readonly exportClause?: SyntaxNode;
}

/** The part of TypeScript that reads source. */
export interface Parser {
  createSourceFile(name: string, source: string, target: number, parents: boolean): SyntaxNode;
  bindSourceFile(file: SyntaxNode, options: object): void;
  forEachChild(node: SyntaxNode, visit: (child: SyntaxNode) => void): void;
  SyntaxKind: Readonly<Record<string, number>>;
  NodeFlags: { readonly BlockScoped: number; readonly GlobalAugmentation: number };
  ScriptTarget: { readonly Latest: number };
}

/** Reads source and finds out which name is declared where. */
export function parse(ts: Parser, source: string): SyntaxNode {
  const file = ts.createSourceFile('cell.ts', source, ts.ScriptTarget.Latest, true);
  ts.bindSourceFile(file, { target: ts.ScriptTarget.Latest });
  return file;
}

/** Whether a name is declared in a function, a block, a file itself. */
export function declares({ locals }: SyntaxNode, name: string): boolean {
  return locals?.has(escaped(name)) ?? false;
}

/** The compiler keeps names with two underscores in front for itself, and puts a third before others. */
export const escaped = (name: string): string => (name.startsWith('__') ? `_${name}` : name);
/** The name behind a key of `locals`; null for one of the compiler's own. */
export function unescaped(key: string): string | null {
  if (/^["']/.test(key)) return null; // declare module 'm'
  return key.startsWith('___') ? key.slice(1) : key.startsWith('__') ? null : key;
}

/** A replacement in a text: `removed` characters at `at` by `text`. */
export interface Edit {
  at: number;
  removed: number;
  text: string;
}

/** Applies edits; of those at one place, the first given comes first. */
export function applyEdits(source: string, edits: readonly Edit[]): string {
  let result = '';
  let from = 0;
  for (const { at, removed, text } of inOrder(edits)) {
    result += source.slice(from, at) + text;
    from = at + removed;
  }
  return result + source.slice(from);
}

/** The place in the text before the edits that a place in the text after them comes from. */
export function placeBefore(edits: readonly Edit[], offset: number): number {
  let moved = 0;
  for (const { at, removed, text } of inOrder(edits)) {
    if (offset < at + moved) break;
    if (offset < at + moved + text.length) return at;
    moved += text.length - removed;
  }
  return offset - moved;
}

function inOrder(edits: readonly Edit[]): Edit[] {
  return [...edits].sort((a, b) => a.at - b.at);
}
