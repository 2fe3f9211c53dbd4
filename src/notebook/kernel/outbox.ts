/** What a cell sends out: messages in order, printed text in larger pieces. */

/** Sends a message of a type on iopub. */
export type Publish = (type: string, content: object) => void;

/** Printed text is held back until this much is there, or this long. */
const MOST_CHARACTERS = 32_768;
const LONGEST_MS = 50;

/** The outgoing messages of one cell. */
export class Outbox {
  private name: 'stdout' | 'stderr' = 'stdout';
  private text = '';
  private since = 0;
  private scheduled = false;
  /** Whether standard output stands in the middle of a line. */
  midLine = false;

  constructor(private readonly publish: Publish) {}

  /** Sends a message, after what was printed before it. */
  send(type: string, content: object): void {
    this.flush();
    this.midLine = false;
    this.publish(type, content);
  }

  /** Prints: sent soon, also by code that never yields if it prints on. */
  print(name: 'stdout' | 'stderr', text: string): void {
    if (name !== this.name) this.flush();
    if (this.text === '') this.since = performance.now();
    this.name = name;
    this.text += text;
    if (text !== '') this.midLine = name === 'stdout' && !text.endsWith('\n');
    const full = this.text.length >= MOST_CHARACTERS;
    if (full || performance.now() - this.since >= LONGEST_MS) this.flush();
    else if (!this.scheduled) {
      this.scheduled = true;
      setImmediate(() => {
        this.scheduled = false;
        this.flush();
      });
    }
  }

  /** Sends what is held back. */
  flush(): void {
    const { name, text } = this;
    if (text === '') return;
    this.text = '';
    this.publish('stream', { name, text });
  }
}
