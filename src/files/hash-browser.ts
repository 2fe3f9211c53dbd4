/** SHA-256 (FIPS 180-4) where there is no node:crypto: a page's own is asynchronous, and asks for https. */

/** First 32 bits behind the point of the square (or cube) roots of the first primes. */
function fractions(count: number, root: (n: number) => number): Uint32Array {
  const out = new Uint32Array(count);
  for (let n = 2, found = 0; found < count; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
    if (prime) out[found++] = (root(n) % 1) * 2 ** 32;
  }
  return out;
}

const START = fractions(8, Math.sqrt);
const K = fractions(64, Math.cbrt);
const turn = (x: number, by: number): number => (x >>> by) | (x << (32 - by));

function block(state: Uint32Array, w: Uint32Array): void {
  for (let t = 16; t < 64; t++) {
    const [a, b] = [w[t - 15]!, w[t - 2]!];
    const s0 = turn(a, 7) ^ turn(a, 18) ^ (a >>> 3);
    const s1 = turn(b, 17) ^ turn(b, 19) ^ (b >>> 10);
    w[t] = w[t - 16]! + s0 + w[t - 7]! + s1;
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as number[] as [number, ...number[]];
  for (let t = 0; t < 64; t++) {
    const s1 = turn(e!, 6) ^ turn(e!, 11) ^ turn(e!, 25);
    const t1 = h! + s1 + ((e! & f!) ^ (~e! & g!)) + K[t]! + w[t]!;
    const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
    const t2 = s0 + ((a & b!) ^ (a & c!) ^ (b! & c!));
    [h, g, f, e, d, c, b, a] = [g, f, e, (d! + t1) | 0, c, b, a, (t1 + t2) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((x, i) => {
    state[i]! += x!;
  });
}

/** SHA-256 of bytes or of UTF-8 text, hexadecimal. */
export function sha256(data: Uint8Array | string): string {
  const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
  const padded = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(bytes.length) * 8n);
  const state = START.slice();
  const w = new Uint32Array(64);
  for (let at = 0; at < padded.length; at += 64) {
    for (let t = 0; t < 16; t++) w[t] = view.getUint32(at + 4 * t);
    block(state, w);
  }
  return Array.from(state, (x) => x.toString(16).padStart(8, '0')).join('');
}
