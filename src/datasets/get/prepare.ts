/** A preparation step's way to its files. */
export interface PrepareFiles {
  /** Path of a fetched file. */
  fetched: (name: string) => string;
  /** Path to write a text of `texts` to; it is put in place when all are written. */
  output: (name: string) => string;
  onNote: (text: string) => void;
}
