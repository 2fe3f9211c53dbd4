import { indivisible } from '../host.js';
import type { Gemm } from './gemm.js';
import { LAYOUT, MAX_RANKS, SharedMemory } from './memory.js';
import { platform } from './platform/node.js';
import type { BlasBinding, RankThread } from './platform/platform.js';
import { OP_CODE, PROGRAM_LIST, type ProgramName } from './programs/index.js';
import { BLAS_FORM, Rank, RankError, WASM_FORM, WORD } from './ranks.js';
import { loadWasmGemm } from './wasm-gemm.js';
import { loadKernels } from './wasm-kernels.js';

/** What a worker thread needs to become a rank. */
export interface RankSetup {
  memory: WebAssembly.Memory;
  rank: number;
  count: number;
  /** Library to multiply with; null = our wasm GEMM. */
  blasPath: string | null;
  /** Workspace of the wasm GEMM, an address of this rank's own. */
  workspace: number;
}

/** The product a rank multiplies with: the system's BLAS on absolute addresses, or our wasm GEMM. */
export function makeGemm(memory: SharedMemory, blas: BlasBinding | null, workspace: number): Gemm {
  if (blas) {
    const base = platform.addressOf(memory.buffer);
    return (ta, tb, m, n, k, a, lda, b, ldb, beta, c, ldc) =>
      blas.sgemm(ta, tb, m, n, k, base + a, lda, base + b, ldb, beta, base + c, ldc);
  }
  const own = loadWasmGemm(memory.wasm);
  return (ta, tb, m, n, k, a, lda, b, ldb, beta, c, ldc) =>
    own.sgemm(ta, tb, m, n, k, a, lda, b, ldb, beta, c, ldc, workspace);
}

/** Builds the rank of a worker thread. */
export function makeRank(setup: RankSetup): Rank {
  const memory = new SharedMemory(setup.memory);
  const blas = setup.blasPath === null ? null : platform.openBlas(setup.blasPath);
  const gemm = makeGemm(memory, blas, setup.workspace);
  const form = blas ? BLAS_FORM : WASM_FORM;
  return new Rank(setup.rank, setup.count, memory, loadKernels(memory), gemm, form);
}

/** The ranks together, seen from the main thread, which is rank 0. */
export class Team {
  private readonly workers: RankThread[] = [];
  private broken: string | null = null;
  /** The program under way; still set at the next run if the thread was broken off inside it. */
  private inside: ProgramName | null = null;

  private constructor(
    readonly memory: SharedMemory,
    /** Rank 0 as part of the team. */
    readonly main: Rank,
    /** Rank 0 alone: for work too small to wake the others. */
    readonly solo: Rank,
    readonly threads: number,
  ) {}

  /** Starts `threads` ranks; resolves when all have loaded their kernels. */
  static async start(
    memory: SharedMemory,
    threads: number,
    blas: BlasBinding | null,
    workspaceOf: (rank: number) => number,
  ): Promise<Team> {
    const count = Math.max(1, Math.min(MAX_RANKS, threads));
    const kernels = loadKernels(memory);
    const gemm = makeGemm(memory, blas, workspaceOf(0));
    const form = blas ? BLAS_FORM : WASM_FORM;
    const team = new Team(
      memory,
      new Rank(0, count, memory, kernels, gemm, form),
      new Rank(0, 1, memory, kernels, gemm, form),
      count,
    );
    const ready: Promise<RankThread>[] = [];
    for (let rank = 1; rank < count; rank++) {
      const setup: RankSetup = {
        memory: memory.wasm,
        rank,
        count,
        blasPath: blas?.library.path ?? null,
        workspace: workspaceOf(rank),
      };
      ready.push(platform.startRank(setup));
    }
    team.workers.push(...(await Promise.all(ready)));
    for (const worker of team.workers) worker.unref();
    return team;
  }

  /** Runs a program on all ranks and returns when all are done. */
  run(name: ProgramName, ...args: number[]): void {
    if (this.inside !== null && !this.broken)
      this.broken = `a computation (${this.inside}) was broken off in the middle; restart the notebook's kernel`;
    if (this.broken) throw new RankError(this.broken);
    indivisible(() => {
      this.inside = name;
      this.runNow(name, args);
      this.inside = null;
    });
  }

  private runNow(name: ProgramName, args: readonly number[]): void {
    const { main } = this;
    const program = PROGRAM_LIST[OP_CODE[name]]!;
    if (this.threads === 1) {
      program(main, ...args);
      return;
    }
    const at = LAYOUT.args / 8;
    for (let i = 0; i < args.length; i++) main.f64[at + i] = args[i] as number;
    main.i32[LAYOUT.control / 4 + WORD.op] = OP_CODE[name];
    main.i32[LAYOUT.control / 4 + WORD.argCount] = args.length;
    try {
      main.barrier();
      program(main, ...args);
      main.barrier();
    } catch (error) {
      if (!(error instanceof RankError)) main.fail(error);
      this.broken = `the compute threads stopped in ${name}: ${main.failure().split('\n')[0] || String(error)}; start the program again`;
      throw new RankError(this.broken, { cause: error });
    }
  }

  /** Runs a program on rank 0 alone. */
  runSolo(name: ProgramName, ...args: number[]): void {
    PROGRAM_LIST[OP_CODE[name]]!(this.solo, ...args);
  }

  /** Sum over the ranks of a reduction slot after a run(). */
  reduction(slot: number): number {
    return this.main.reduction(slot);
  }

  /** Switches the timing of GEMM calls on or off and clears it. */
  profile(on: boolean): void {
    this.run('gemmTime');
    this.solo.gemmTime = 0;
    this.main.i32[LAYOUT.control / 4 + WORD.profile] = on ? 1 : 0;
  }

  /** Mean milliseconds per rank in GEMM since profile(true). */
  gemmMilliseconds(): number {
    this.run('gemmTime');
    const total = this.main.reduction(2) / this.threads + this.solo.gemmTime;
    this.solo.gemmTime = 0;
    return total;
  }

  /** Ends the worker threads. */
  async close(): Promise<void> {
    this.broken = 'the backend was closed';
    await Promise.all(this.workers.map((w) => w.terminate()));
  }
}
