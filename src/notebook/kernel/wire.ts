/** Messages of the Jupyter protocol as a kernel reads and answers them, where tslab does not. */
import { DELIMITER, newId, sign } from '../messages.js';

/** A request as it arrived. */
export interface Request {
  /** Frames in front: where the answer goes. */
  identity: Buffer[];
  /** The header's text: the parent of every answer. */
  header: string;
  type: string;
  /** Whether the signature is right. */
  trusted: boolean;
}

/** Reads the head of a request; what is no message has no type and is not trusted. */
export function parseRequest(frames: readonly Buffer[], key: string): Request {
  const at = frames.findIndex((frame) => frame.toString() === DELIMITER);
  const [signature, ...parts] = at < 0 ? [] : frames.slice(at + 1);
  const header = parts[0]?.toString() ?? '{}';
  const trusted = key === '' || signature?.toString() === sign(parts, key);
  const { msg_type } = JSON.parse(header) as { msg_type?: string };
  return { identity: frames.slice(0, Math.max(at, 0)), header, type: msg_type ?? '', trusted };
}

/** The frames of an answer to a request. */
export function answer(
  { identity, header: parent }: Request,
  key: string,
  type: string,
  content: object,
): (Buffer | string)[] {
  const date = new Date().toISOString();
  const header = { msg_id: newId(), msg_type: type, session: '', username: 'kernel' };
  const parts = [
    JSON.stringify({ ...header, date, version: '5.3' }),
    parent,
    '{}',
    JSON.stringify(content),
  ];
  return [...identity, DELIMITER, sign(parts, key), ...parts];
}
