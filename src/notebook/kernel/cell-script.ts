/**
 * From the JavaScript that the compiler makes of a cell to the script that runs.
 *
 * A notebook has one variable of a name, a property of one object (variables.ts), and every mention of
 * it in any cell means that property: so an assignment reaches all functions, whichever cell they are
 * from, and so does a second declaration, as in Python, in Deno's kernel and in the console of a browser.
 * A cell that is run again with other values is heard by the functions of the cells below.
 *
 * The text is edited in place and keeps its lines, so that the compiler's source map still holds.
 */
import {
  applyEdits,
  declares,
  type Edit,
  escaped,
  type Parser,
  parse,
  type SyntaxNode,
} from './syntax.js';

/** Names that a cell declares, by what happens to them when it starts. */
export interface Declared {
  /** `let`, `const`, `class`, imports: what a name meant before stays until the statement is reached. */
  lexical: string[];
  /** `var`: there from the start, undefined if it is new. */
  hoisted: string[];
}

export interface CellScript {
  /** To be run as the body of a function. */
  source: string;
  /** What was done to the compiler's code. */
  edits: Edit[];
  declared: Declared;
}

/** The objects a script uses, in tslab's global: the variables, and what variables.ts offers. */
const GLOBAL = '__tslab__';
/** How they are called in a script; longer where the cell uses that name. */
export const VARIABLES = 'cells$';
export const RUNTIME = 'kernel$';

/**
 * @param code what the compiler made of the cell
 * @param known whether a name is a variable of an earlier cell
 * @param fresh names that are new objects whenever the cell runs: its namespaces and enums
 */
export function cellScript(
  ts: Parser,
  code: string,
  known: (name: string) => boolean,
  fresh: ReadonlySet<string>,
): CellScript {
  const { SyntaxKind: K } = ts;
  const file = parse(ts, code);
  const edits: Edit[] = [];
  const replace = (from: number, to: number, text: string) =>
    edits.push({ at: from, removed: to - from, text });
  const insert = (at: number, text: string) => replace(at, at, text);
  const start = (node: SyntaxNode) => node.getStart(file);
  const textOf = (node: SyntaxNode) => code.slice(start(node), node.end);
  const unused = (name: string): string => (code.includes(name) ? unused(`${name}$`) : name);
  const [variables, runtime] = [unused(VARIABLES), unused(RUNTIME)];
  const statements = file.statements ?? [];

  /** tslab ends every cell with `export { all its names }`: helpers of the compiler are not among them. */
  const own = new Set<string>();
  for (const { kind, exportClause } of statements)
    if (kind === K.ExportDeclaration)
      for (const { propertyName, name } of exportClause?.elements ?? [])
        own.add((propertyName ?? name)!.text!);
  for (const name of own) if (!declares(file, name)) own.delete(name); // `declare const`: a global

  /** Whether an identifier means a variable of the notebook. */
  function isShared(identifier: SyntaxNode): boolean {
    const name = identifier.text!;
    for (let at = identifier.parent; at; at = at.parent) {
      if (at === file) break;
      const namesItself =
        at.kind === K.ClassDeclaration ||
        at.kind === K.ClassExpression ||
        at.kind === K.FunctionExpression;
      if (declares(at, name) || (namesItself && at.name?.text === name)) return false;
    }
    return declares(file, name) ? own.has(name) : known(name);
  }

  /** A function or class without a name gets that of the variable, as in a declaration. */
  function keepName(name: SyntaxNode | undefined, value: SyntaxNode | undefined): void {
    if (name?.kind !== K.Identifier || !value || !isShared(name)) return;
    let inner = value;
    while (inner.kind === K.ParenthesizedExpression) inner = inner.expression!;
    const nameless =
      inner.kind === K.ArrowFunction ||
      ((inner.kind === K.FunctionExpression || inner.kind === K.ClassExpression) && !inner.name);
    if (!nameless || name.text === '__proto__') return;
    insert(start(value), `{ ${name.text}: `);
    visit(value);
    insert(value.end, ` }.${name.text}`);
    visited.add(value);
  }
  const visited = new Set<SyntaxNode>();

  function identifier(node: SyntaxNode): void {
    const parent = node.parent!;
    const declares =
      parent.kind === K.VariableDeclaration ||
      parent.kind === K.BindingElement ||
      parent.kind === K.ShorthandPropertyAssignment;
    if (parent.name === node && !declares) return;
    if (parent.propertyName === node || parent.label === node || !isShared(node)) return;
    const place = `${variables}.${node.text}`;
    const short =
      parent.kind === K.ShorthandPropertyAssignment
        ? parent.name === node
        : parent.kind === K.BindingElement &&
          parent.name === node &&
          !parent.propertyName &&
          !parent.dotDotDotToken &&
          parent.parent!.kind === K.ObjectBindingPattern;
    let callee = node;
    while (callee.parent!.kind === K.ParenthesizedExpression) callee = callee.parent!;
    const { kind, expression, tag } = callee.parent!;
    // a function called as a variable has no `this`
    const called =
      (kind === K.CallExpression && expression === callee) ||
      (kind === K.TaggedTemplateExpression && tag === callee);
    replace(
      start(node),
      node.end,
      short ? `${node.text}: ${place}` : called ? `(0, ${place})` : place,
    );
  }

  /** A declaration of shared variables becomes an assignment. */
  function declaration(list: SyntaxNode): void {
    const names = namesIn(list);
    if (!names.some(isShared)) return;
    const keyword = /^\w+/.exec(code.slice(start(list)))![0];
    const statement = list.parent!.kind === K.VariableStatement;
    const pattern = list.declarations![0]!.name!.kind === K.ObjectBindingPattern;
    replace(start(list), start(list) + keyword.length + 1, statement && pattern ? '(' : '');
    if (statement && pattern) closing.set(list.declarations!.at(-1)!, ')');
    for (const { initializer, end } of list.declarations!)
      if (statement && !initializer && keyword !== 'var') insert(end, ' = void 0');
  }
  const closing = new Map<SyntaxNode, string>();

  function namesIn(node: SyntaxNode): SyntaxNode[] {
    if (node.kind === K.Identifier) return [node];
    const parts = node.declarations ?? node.elements ?? (node.name ? [node.name] : []);
    return parts.flatMap(namesIn);
  }

  function visit(node: SyntaxNode): void {
    if (visited.has(node)) return;
    if (node.kind === K.Identifier) identifier(node);
    else if (node.kind === K.VariableDeclarationList) declaration(node);
    else if (node.kind === K.ImportKeyword && node.parent!.kind === K.CallExpression)
      replace(start(node), node.end, `${runtime}.import`);
    else if (node.kind === K.ThrowStatement) {
      insert(start(node.expression!), `${runtime}.thrown(`);
      visit(node.expression!);
      visited.add(node.expression!);
      insert(node.expression!.end, ')');
    }
    if (node.kind === K.VariableDeclaration || node.kind === K.BindingElement) {
      if (node.propertyName) visit(node.propertyName);
      visit(node.name!);
      keepName(node.name, node.initializer);
    } else if (node.kind === K.ShorthandPropertyAssignment) {
      visit(node.name!);
      keepName(node.name, node.objectAssignmentInitializer);
    } else if (node.kind === K.BinaryExpression && isAssignment(node.operatorToken!)) {
      visit(node.left!);
      keepName(node.left, node.right);
    }
    ts.forEachChild(node, visit);
    visited.add(node);
    const close = closing.get(node);
    if (close) insert(node.end, close);
  }

  function isAssignment({ kind }: SyntaxNode): boolean {
    return (
      kind === K.EqualsToken ||
      kind === K.BarBarEqualsToken ||
      kind === K.AmpersandAmpersandEqualsToken ||
      kind === K.QuestionQuestionEqualsToken
    );
  }

  /** `import` becomes assignments; as in tslab, a name has the value that it had at that moment. */
  function importStatement(node: SyntaxNode): void {
    const set: string[] = [];
    const { importClause: clause } = node;
    if (clause?.name) set.push(`${variables}.${clause.name.text} = ${runtime}.default(m$).default`);
    const bindings = clause?.namedBindings;
    if (bindings?.name) set.push(`${variables}.${bindings.name.text} = ${runtime}.star(m$)`);
    for (const { name, propertyName } of bindings?.elements ?? []) {
      const key = (propertyName ?? name)!.text!;
      const from = key === 'default' ? `${runtime}.default(m$)` : 'm$';
      set.push(`${variables}.${name!.text} = ${from}[${JSON.stringify(key)}]`);
    }
    const load = `const m$ = ${runtime}.require(${textOf(node.moduleSpecifier!)});`;
    const lines = '\n'.repeat(textOf(node).split('\n').length - 1);
    replace(start(node), node.end, `{ ${load} ${set.map((one) => `${one}; `).join('')}}${lines}`);
  }

  const last = statements.filter(({ kind }) => kind !== K.ExportDeclaration).at(-1);
  let hoist = '';
  for (const node of statements) {
    if (node.kind === K.ExportDeclaration) {
      replace(start(node), node.end, '');
      continue;
    }
    const name = node.name?.text;
    const shared = name !== undefined && own.has(name);
    if (node.kind === K.FunctionDeclaration) {
      if (shared) hoist += `${variables}.${name} = ${name}; `;
      visit(node);
      continue;
    }
    insert(start(node), `${runtime}.at = ${start(node)}; `);
    if (node.kind === K.ImportDeclaration) importStatement(node);
    else if (node.kind === K.ClassDeclaration && shared) {
      insert(start(node), `${variables}.${name} = `);
      visit(node);
      insert(node.end, ';');
    } else if (node === last && node.kind === K.ExpressionStatement) {
      insert(start(node), `${runtime}.exports.${LAST} = (`);
      visit(node.expression!);
      insert(node.expression!.end, ')');
    } else visit(node);
  }
  // On a line of its own, behind tslab's: places in the compiler's code keep their columns.
  let head = `\nconst ${variables} = ${GLOBAL}.variables, ${runtime} = ${GLOBAL}.start(); `;
  // the compiler's namespaces and enums go on with what is there
  for (const name of own) if (fresh.has(name)) head += `${variables}.${name} = void 0; `;
  edits.unshift({ at: 0, removed: 0, text: head + hoist });
  return { source: applyEdits(code, edits), edits, declared: declaredIn() };

  function declaredIn(): Declared {
    const declared: Declared = { lexical: [], hoisted: [] };
    for (const name of own) {
      const list = ancestor(
        file.locals!.get(escaped(name))!.valueDeclaration,
        K.VariableDeclarationList!,
      );
      const isVar = list && (list.flags & ts.NodeFlags.BlockScoped) === 0;
      declared[isVar ? 'hoisted' : 'lexical'].push(name);
    }
    return declared;
  }

  function ancestor(node: SyntaxNode | undefined, kind: number): SyntaxNode | undefined {
    return !node || node.kind === kind ? node : ancestor(node.parent, kind);
  }
}

/** The property of tslab's `exports` that has the value of a cell's last expression. */
export const LAST = 'lastExpression';
