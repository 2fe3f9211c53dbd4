/** What was chosen on the page, kept in the address so that a link shows the same. */
const chosen = new URLSearchParams(location.hash.slice(1));

export const setting = (name: string, usual: string): string => chosen.get(name) ?? usual;

export function keep(name: string, value: string): void {
  chosen.set(name, value);
  history.replaceState(null, '', `#${chosen}`);
}
