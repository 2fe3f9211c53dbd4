/**
 * Declarations of earlier cells that tslab would forget: it hands on variables, functions, classes,
 * enums, types and imports, but neither namespaces nor `declare global` and `declare module`, nor
 * `import name = Namespace.name`.
 */
import { declares, type Parser, parse, type SyntaxNode } from './syntax.js';

/**
 * @param before declarations of all earlier cells
 * @param own what the new cell declares
 * @returns those of `before` that hold on beside `own` and that tslab drops
 */
export function forgottenByTslab(ts: Parser, before: string, own: string): string {
  const { SyntaxKind: K } = ts;
  if (!/\b(namespace|module|global|import\s+\w+\s+=)/.test(before)) return '';
  const [old, now] = [parse(ts, before), parse(ts, own)];
  const redeclared = membersOfAugmentations(now);
  let kept = '';
  for (const node of old.statements ?? []) {
    if (node.kind !== K.ModuleDeclaration && node.kind !== K.ImportEqualsDeclaration) continue;
    const text = (one: SyntaxNode) => before.slice(one.getStart(old), one.end);
    const name = nameOfAugmentation(node);
    if (name === null) {
      if (!declares(now, node.name!.text!)) kept += `${text(node)}\n`;
      continue;
    }
    // Additions to what is global or in a module hold together; one that is written again is replaced.
    const members = (node.body?.statements ?? []).filter(
      (member) => !keys(name, member).some((key) => redeclared.has(key)),
    );
    const head = before.slice(node.getStart(old), node.body?.getStart(old));
    if (members.length > 0) kept += `${head}{\n${members.map(text).join('\n')}\n}\n`;
  }
  return kept;

  /** What `declare global` or `declare module 'm'` adds to; null for a namespace of the notebook. */
  function nameOfAugmentation({ kind, name, flags }: SyntaxNode): string | null {
    if (kind !== K.ModuleDeclaration) return null;
    if (name!.kind === K.StringLiteral) return name!.text!;
    return (flags & ts.NodeFlags.GlobalAugmentation) === 0 ? null : '';
  }

  /** What is declared by a statement in such an addition: of an interface, each member. */
  function keys(where: string, { kind, name, members, declarationList }: SyntaxNode): string[] {
    const names = declarationList ? declarationList.declarations! : [{ name }];
    const key = (parts: (string | undefined)[]) => JSON.stringify([where, ...parts]);
    if (kind === K.InterfaceDeclaration && members)
      return members.map((member) => key([name?.text, member.name?.text]));
    return names.map((one) => key([one.name?.text]));
  }

  function membersOfAugmentations({ statements }: SyntaxNode): Set<string> {
    const all = new Set<string>();
    for (const node of statements ?? []) {
      const name = nameOfAugmentation(node);
      if (name === null) continue;
      for (const member of node.body?.statements ?? [])
        for (const key of keys(name, member)) all.add(key);
    }
    return all;
  }
}
