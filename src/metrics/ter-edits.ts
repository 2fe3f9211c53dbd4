/**
 * The number of edits behind TER (Snover et al. 2006): words inserted, deleted, replaced, and
 * blocks of words shifted, each at cost 1. The best shifts are hard to find, so Tercom's greedy
 * search defines the metric: shift the block that lowers the edit distance most, again and again.
 *
 * Its limits are part of the definition: the distance is computed in a beam round the diagonal,
 * blocks have at most 10 words, move over at most 50, at most 1,000 shifts are tried.
 *
 * Most of the time goes into distances of shifted sentences. A shift changes only the rows of the
 * distance table between the old and the new place. What is before it is known from the sentence
 * as it was (`forward`), what is behind it too (`backward`, distances to the end).
 */

const BEAM = 25;
const LONGEST_SHIFT = 10;
const FARTHEST_SHIFT = 50;
const MOST_CANDIDATES = 1000;
/** Cells outside the beam; large enough to lose, small enough to add to. */
const FAR = 1 << 29;

// One sentence at a time is worked on: these grow to the largest and are used again.
let forward = new Int32Array(0);
let backward = new Int32Array(0);
let rowA = new Int32Array(0);
let rowB = new Int32Array(0);
/** The beam: columns low[i] to high[i] - 1 of row i. */
let low = new Int32Array(0);
let high = new Int32Array(0);
/** Hypothesis position that a reference position is aligned to. */
let aligned = new Int32Array(0);
/** Running counts of wrong words: positions a to b-1 have wrong[b] - wrong[a]. */
let wrongInHypothesis = new Int32Array(0);
let wrongInReference = new Int32Array(0);
let moved = new Int32Array(0);

function makeRoom(n: number, m: number): void {
  const cells = (n + 1) * (m + 1);
  if (forward.length < cells) {
    const room = cells < 2 ** 20 ? 2 * cells : cells;
    forward = new Int32Array(room);
    backward = new Int32Array(room);
  }
  const length = Math.max(n, m) + 2;
  if (rowA.length < length) {
    const room = 2 * length;
    rowA = new Int32Array(room);
    rowB = new Int32Array(room);
    low = new Int32Array(room);
    high = new Int32Array(room);
    aligned = new Int32Array(room);
    wrongInHypothesis = new Int32Array(room);
    wrongInReference = new Int32Array(room);
    moved = new Int32Array(room);
  }
}

function setBeam(n: number, m: number): void {
  const slope = m / n;
  const width = BEAM < slope / 2 ? Math.ceil(slope / 2 + BEAM) : BEAM;
  low[0] = 0;
  high[0] = m + 1;
  for (let i = 1; i <= n; i++) {
    const diagonal = Math.floor(i * slope);
    low[i] = Math.max(0, diagonal - width);
    high[i] = i === n ? m + 1 : Math.min(m + 1, diagonal + width);
  }
}

/** forward[i][j]: edits between the first i words of `h` and the first j of `r`. */
function fillForward(h: Int32Array, n: number, r: Int32Array, m: number): void {
  const stride = m + 1;
  for (let j = 0; j <= m; j++) forward[j] = j;
  for (let i = 1; i <= n; i++) {
    const at = i * stride;
    const word = h[i - 1]!;
    const end = high[i]!;
    let j = low[i]!;
    for (let k = 0; k < j; k++) forward[at + k] = FAR;
    for (let k = end; k <= m; k++) forward[at + k] = FAR;
    let left = FAR;
    let corner = j > 0 ? forward[at - stride + j - 1]! : FAR;
    for (; j < end; j++) {
      const up = forward[at - stride + j]!;
      let cost = j > 0 && word === r[j - 1] ? corner : corner + 1;
      if (up + 1 < cost) cost = up + 1;
      if (left + 1 < cost) cost = left + 1;
      forward[at + j] = cost;
      left = cost;
      corner = up;
    }
  }
}

/** backward[i][j]: edits between the words of `h` from i on and those of `r` from j on. */
function fillBackward(h: Int32Array, n: number, r: Int32Array, m: number): void {
  const stride = m + 1;
  for (let i = n; i >= 0; i--) {
    const at = i * stride;
    const start = low[i]!;
    const end = high[i]!;
    for (let k = 0; k < start; k++) backward[at + k] = FAR;
    for (let k = end; k <= m; k++) backward[at + k] = FAR;
    let right = FAR;
    for (let j = end - 1; j >= start; j--) {
      let cost = FAR;
      if (i === n) cost = m - j;
      else {
        const below = backward[at + stride + j]!;
        cost = below + 1;
        if (j < m) {
          const corner = backward[at + stride + j + 1]! + (h[i] === r[j] ? 0 : 1);
          if (corner < cost) cost = corner;
          if (right + 1 < cost) cost = right + 1;
        }
      }
      backward[at + j] = cost;
      right = cost;
    }
  }
}

/** Reads alignment and wrong words off the table; in ties Tercom's order: match, drop, insert. */
function align(h: Int32Array, n: number, r: Int32Array, m: number): void {
  const stride = m + 1;
  let i = n;
  let j = m;
  while (i > 0 || j > 0) {
    const here = forward[i * stride + j]!;
    if (i > 0 && j > 0) {
      const differ = h[i - 1] === r[j - 1] ? 0 : 1;
      if (forward[(i - 1) * stride + j - 1]! + differ === here) {
        aligned[j - 1] = i - 1;
        wrongInHypothesis[i] = differ;
        wrongInReference[j] = differ;
        i--;
        j--;
        continue;
      }
    }
    if (i > 0 && forward[(i - 1) * stride + j]! + 1 === here) {
      wrongInHypothesis[i] = 1;
      i--;
    } else {
      aligned[j - 1] = i - 1;
      wrongInReference[j] = 1;
      j--;
    }
  }
  wrongInHypothesis[0] = 0;
  wrongInReference[0] = 0;
  for (let k = 1; k <= n; k++) wrongInHypothesis[k]! += wrongInHypothesis[k - 1]!;
  for (let k = 1; k <= m; k++) wrongInReference[k]! += wrongInReference[k - 1]!;
}

/**
 * Writes to `moved` what `h` becomes when the `length` words at `start` go to `target`; returns
 * the end of the changed part, whose beginning is min(start, target).
 */
function shift(h: Int32Array, n: number, start: number, length: number, target: number): number {
  const end = start + length;
  let at: number;
  if (target < start) {
    at = target;
    for (let i = start; i < end; i++) moved[at++] = h[i]!;
    for (let i = target; i < start; i++) moved[at++] = h[i]!;
    return end;
  }
  at = start;
  // A target inside the block means: so many words behind it change places with it.
  const last = target > end ? target : Math.min(n, length + target);
  for (let i = end; i < last; i++) moved[at++] = h[i]!;
  for (let i = start; i < end; i++) moved[at++] = h[i]!;
  return last;
}

/** Distance of the sentence with `moved` in rows begin to end; above `limit` any larger number. */
function movedDistance(
  begin: number,
  end: number,
  r: Int32Array,
  m: number,
  limit: number,
): number {
  const stride = m + 1;
  let before = forward;
  let offset = begin * stride;
  let row = rowA;
  for (let i = begin + 1; i <= end; i++) {
    const word = moved[i - 1]!;
    const stop = high[i]!;
    let j = low[i]!;
    let smallest = FAR;
    // Neighbours that the next row may look at.
    if (j > 0) row[j - 1] = FAR;
    let left = FAR;
    let corner = j > 0 ? before[offset + j - 1]! : FAR;
    for (; j < stop; j++) {
      const up = before[offset + j]!;
      let cost = j > 0 && word === r[j - 1] ? corner : corner + 1;
      if (up + 1 < cost) cost = up + 1;
      if (left + 1 < cost) cost = left + 1;
      row[j] = cost;
      left = cost;
      corner = up;
      if (cost < smallest) smallest = cost;
    }
    if (smallest > limit) return FAR;
    // The beam moves right: the next row may read columns that this one does not reach.
    const next = i < end ? high[i + 1]! : stop;
    for (; j < next; j++) row[j] = FAR;
    before = row;
    offset = 0;
    row = row === rowA ? rowB : rowA;
  }
  let best = FAR;
  const rest = end * stride;
  for (let j = low[end]!; j < high[end]!; j++) {
    const sum = before[offset + j]! + backward[rest + j]!;
    if (sum < best) best = sum;
  }
  return best;
}

/** Words that both have, each as often as in the one that has it less. */
function commonWords(a: Int32Array, b: Int32Array): number {
  const x = a.slice().sort();
  const y = b.slice().sort();
  let common = 0;
  for (let i = 0, j = 0; i < x.length && j < y.length; ) {
    const d = x[i]! - y[j]!;
    if (d === 0) common++;
    if (d <= 0) i++;
    if (d >= 0) j++;
  }
  return common;
}

/**
 * Edits that turn a hypothesis into a reference; equal numbers are equal words.
 * An empty reference costs a deletion a word.
 */
export function terEdits(hypothesis: Int32Array, reference: Int32Array): number {
  const n = hypothesis.length;
  const m = reference.length;
  if (n === 0 || m === 0) return n + m;
  makeRoom(n, m);
  setBeam(n, m);
  const h = hypothesis.slice();
  // Shifts do not change which words there are, so no sequence of them gets below this.
  const least = Math.max(n, m) - commonWords(hypothesis, reference);
  let shifts = 0;
  let tried = 0;
  for (;;) {
    fillForward(h, n, reference, m);
    const distance = forward[n * (m + 1) + m]!;
    // A shift only helps if it lowers the distance by one or more.
    if (distance === least) return shifts + distance;
    align(h, n, reference, m);
    fillBackward(h, n, reference, m);
    tried = bestShift(h, n, reference, m, distance, least, tried);
    if (tried >= MOST_CANDIDATES || found.gain <= 0) return shifts + distance;
    const end = shift(h, n, found.start, found.length, found.target);
    for (let i = Math.min(found.start, found.target); i < end; i++) h[i] = moved[i]!;
    shifts++;
  }
}

/** The best shift of the last search. */
const found = { gain: 0, start: 0, length: 0, target: 0 };

/**
 * Searches the shift that lowers the distance most; among equals the longest block, then the
 * leftmost, then the leftmost target. Only words that are wrong move, and only to where the
 * reference has the same words and the hypothesis is wrong. Returns how many were tried in all.
 */
function bestShift(
  h: Int32Array,
  n: number,
  r: Int32Array,
  m: number,
  distance: number,
  least: number,
  triedBefore: number,
): number {
  let tried = triedBefore;
  found.gain = 0;
  found.length = LONGEST_SHIFT + 1; // no shift without gain beats this
  for (let start = 0; start < n; start++) {
    const to = Math.min(m - 1, start + FARTHEST_SHIFT);
    for (let goal = Math.max(0, start - FARTHEST_SHIFT); goal <= to; goal++) {
      const most = Math.min(LONGEST_SHIFT, n - start, m - goal);
      for (let length = 1; length <= most; length++) {
        if (h[start + length - 1] !== r[goal + length - 1]) break;
        if (wrongInHypothesis[start + length] === wrongInHypothesis[start]) continue;
        if (wrongInReference[goal + length] === wrongInReference[goal]) continue;
        const place = aligned[goal]!;
        if (place >= start && place < start + length) continue;
        let previous = -1;
        for (let offset = -1; offset < length; offset++) {
          const target = goal + offset < 0 ? 0 : aligned[goal + offset]! + 1;
          if (target === previous) continue;
          previous = target;
          tried++;
          tryShift(h, n, r, m, distance, least, start, length, target);
        }
        if (tried >= MOST_CANDIDATES) return tried;
      }
    }
  }
  return tried;
}

function tryShift(
  h: Int32Array,
  n: number,
  r: Int32Array,
  m: number,
  distance: number,
  least: number,
  start: number,
  length: number,
  target: number,
): void {
  // Blocks are tried from left to right, so an equal gain wins by length, or by a nearer target.
  const winsTie =
    length > found.length ||
    (length === found.length && start === found.start && target < found.target);
  const limit = distance - found.gain - (winsTie ? 0 : 1);
  if (limit < least) return;
  const end = shift(h, n, start, length, target);
  const changed = movedDistance(Math.min(start, target), end, r, m, limit);
  if (changed > limit) return;
  found.gain = distance - changed;
  found.start = start;
  found.length = length;
  found.target = target;
}
