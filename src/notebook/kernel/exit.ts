/** What `process.exit` does in a kernel. */
import { UserError } from '../../errors.js';

/** Ends the kernel. */
export const endKernel = process.exit.bind(process);

/** A cell that calls `process.exit` ends there; the kernel goes on, and so do all variables. */
export function keepKernel(): void {
  process.exit = ((code?: number | string) => {
    throw new UserError(
      `process.exit(${code ?? ''}) ends the cell, not the kernel: the variables are still there`,
    );
  }) as typeof process.exit;
}
