/**
 * An error whose message is meant for the person at the keyboard: one or two lines that name the
 * file, line or key and say what to do. The command line prints it without a stack trace and ends
 * with `exitCode`.
 */
export class UserError extends Error {
  /** Exit status of the command line: 1 = the work failed, 2 = the command was used wrongly. */
  readonly exitCode: number;

  constructor(message: string, options: { exitCode?: number; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'UserError';
    this.exitCode = options.exitCode ?? 1;
  }
}

/** Wrong use of a command or an option: exit status 2. */
export class UsageError extends UserError {
  constructor(message: string) {
    super(message, { exitCode: 2 });
    this.name = 'UsageError';
  }
}

/** Exit status of a command whose reader went away, as the shell says of SIGPIPE: it ends in silence. */
export const READER_GONE = 141;
