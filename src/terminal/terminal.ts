/** stderr for what is drawn over: the command line makes text visible, but lets bytes pass. */

/** Moves of the cursor arrive as they are, so everything else must be visible text already. */
export const terminal = {
  write: (text: string): boolean => process.stderr.write(Buffer.from(text)),
  get isTTY(): boolean {
    return process.stderr.isTTY === true;
  },
  get columns(): number | undefined {
    return process.stderr.columns;
  },
  get rows(): number | undefined {
    return process.stderr.rows;
  },
};
