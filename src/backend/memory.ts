import { UserError } from '../errors.js';

/**
 * Fixed places at the start of the shared memory, in bytes. The first 64 KiB belong to
 * AssemblyScript's data segments.
 */
export const LAYOUT = {
  /** i32 words of the barrier and the current command; see ranks.ts. */
  control: 65536,
  /** f64 arguments of the current command. */
  args: 65536 + 1024,
  /** UTF-8 text of a rank's error, length first. */
  error: 65536 + 2048,
  /** f64 reductions: slot s of rank r at reduce + (s * MAX_RANKS + r) * 8. */
  reduce: 65536 + 8192,
  /** i32 tables, e.g. the variables of an optimiser step. */
  table: 65536 + 32768,
  /** Bytes of the table. */
  tableBytes: 65536,
  /** 512 bytes of scratch a rank. */
  scratch: 65536 + 32768 + 65536,
  /** The allocator's first byte. */
  heap: 65536 + 32768 + 65536 + 64 * 512,
} as const;

/** Most ranks that the fixed layout has room for. */
export const MAX_RANKS = 64;
const PAGE = 65536;
/** wasm32 ends here. */
const LIMIT_PAGES = 65536;
const GROWTH_PAGES = 1024; // 64 MiB

function newMemory(): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: GROWTH_PAGES, maximum: LIMIT_PAGES, shared: true });
  } catch (cause) {
    throw new UserError(
      'WebAssembly cannot reserve its addresses (10 GiB of them, whatever memory is used): lift the limit of this shell or job (ulimit -v unlimited).',
      { cause },
    );
  }
}

/** The one memory that tensors, kernels and ranks share. Growing keeps addresses and old views valid. */
export class SharedMemory {
  readonly wasm: WebAssembly.Memory;
  private view: SharedArrayBuffer;

  constructor(wasm?: WebAssembly.Memory) {
    this.wasm = wasm ?? newMemory();
    this.view = this.wasm.buffer as unknown as SharedArrayBuffer;
  }

  /** The current buffer; longer after each growth. */
  get buffer(): SharedArrayBuffer {
    return this.view;
  }

  /** Makes sure that bytes below `end` exist. */
  reserve(end: number): void {
    const missing = Math.ceil((end - this.view.byteLength) / PAGE);
    if (missing <= 0) return;
    const have = this.view.byteLength / PAGE;
    // In steps of 64 MiB where they fit; near the limit just what is needed.
    const generous = Math.min(Math.max(missing, GROWTH_PAGES), LIMIT_PAGES - have);
    try {
      if (generous < missing || !this.grow(generous)) this.wasm.grow(missing);
    } catch (cause) {
      throw new UserError(
        `out of tensor memory: ${(end / 2 ** 20).toFixed(0)} MiB needed (limit ${LIMIT_PAGES / 16} MiB, and what the machine gives). Use a smaller batch, bptt or hidden size.`,
        { cause },
      );
    }
    this.view = this.wasm.buffer as unknown as SharedArrayBuffer;
  }

  private grow(pages: number): boolean {
    try {
      this.wasm.grow(pages);
      return true;
    } catch {
      return false;
    }
  }
}

interface Block {
  start: number;
  bytes: number;
}

/** What the allocator reports; bytes. */
export interface MemoryReport {
  /** In use now. */
  live: number;
  /** Most that was in use at once. */
  peak: number;
  /** Taken from the memory so far (in use + free lists + never touched again). */
  reserved: number;
  /** Blocks in use. */
  blocks: number;
}

const SMALL = 4096;
const ALIGN = 64;

/**
 * Allocator over the shared memory: sizes up to 4 KiB by size class, larger ones best-fit with
 * neighbours merged on release, so that windows of varying length reuse each other's space.
 */
export class Allocator {
  private readonly small = new Map<number, number[]>();
  /** Free large blocks, ordered by size, then address. */
  private readonly free: Block[] = [];
  private readonly byStart = new Map<number, Block>();
  private readonly byEnd = new Map<number, Block>();
  private readonly sizes = new Map<number, number>();
  private brk: number;
  private live = 0;
  private peak = 0;

  constructor(
    private readonly memory: SharedMemory,
    private readonly start: number = LAYOUT.heap,
  ) {
    this.brk = start;
  }

  /** Address of `bytes` uninitialised bytes, 64-byte aligned. */
  allocate(bytes: number): number {
    const size = Math.max(ALIGN, Math.ceil(bytes / ALIGN) * ALIGN);
    const address = size <= SMALL ? this.takeSmall(size) : this.takeLarge(size);
    this.sizes.set(address, size);
    this.live += size;
    if (this.live > this.peak) this.peak = this.live;
    return address;
  }

  /** Gives an address back; the same address twice is a defect of the caller. */
  release(address: number): void {
    const size = this.sizes.get(address);
    if (size === undefined) throw new Error(`allocator: address ${address} is not in use`);
    this.sizes.delete(address);
    this.live -= size;
    if (size <= SMALL) {
      const list = this.small.get(size);
      if (list) list.push(address);
      else this.small.set(size, [address]);
    } else this.giveLarge({ start: address, bytes: size });
  }

  report(): MemoryReport {
    return {
      live: this.live,
      peak: this.peak,
      reserved: this.brk - this.start,
      blocks: this.sizes.size,
    };
  }

  private takeSmall(size: number): number {
    const list = this.small.get(size);
    const reused = list?.pop();
    if (reused !== undefined) return reused;
    // A slab of one class, so that small blocks do not split the large ones' space.
    const count = Math.max(1, Math.floor((16 * SMALL) / size));
    const slab = this.takeLarge(count * size);
    const rest = list ?? [];
    for (let i = count - 1; i > 0; i--) rest.push(slab + i * size);
    this.small.set(size, rest);
    return slab;
  }

  private takeLarge(size: number): number {
    const at = this.lowerBound(size, 0);
    const block = this.free[at];
    if (block) {
      this.unlink(block, at);
      if (block.bytes > size) this.link({ start: block.start + size, bytes: block.bytes - size });
      return block.start;
    }
    const last = this.byEnd.get(this.brk);
    const start = last ? last.start : this.brk;
    this.memory.reserve(start + size);
    if (last) this.unlink(last);
    this.brk = start + size;
    return start;
  }

  private giveLarge(block: Block): void {
    const before = this.byEnd.get(block.start);
    if (before) {
      this.unlink(before);
      block = { start: before.start, bytes: before.bytes + block.bytes };
    }
    const after = this.byStart.get(block.start + block.bytes);
    if (after) {
      this.unlink(after);
      block.bytes += after.bytes;
    }
    this.link(block);
  }

  private lowerBound(bytes: number, start: number): number {
    let lo = 0;
    let hi = this.free.length;
    while (lo < hi) {
      const mid = (lo + hi) >>> 1;
      const b = this.free[mid] as Block;
      if (b.bytes < bytes || (b.bytes === bytes && b.start < start)) lo = mid + 1;
      else hi = mid;
    }
    return lo;
  }

  private link(block: Block): void {
    this.free.splice(this.lowerBound(block.bytes, block.start), 0, block);
    this.byStart.set(block.start, block);
    this.byEnd.set(block.start + block.bytes, block);
  }

  private unlink(block: Block, at = this.lowerBound(block.bytes, block.start)): void {
    this.free.splice(at, 1);
    this.byStart.delete(block.start);
    this.byEnd.delete(block.start + block.bytes);
  }
}
