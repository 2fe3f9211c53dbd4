/** Messages of the Jupyter protocol, signed and framed for ZeroMQ. */
import { createHmac, randomUUID } from 'node:crypto';

/** The frame between addresses and a message. */
export const DELIMITER = '<IDS|MSG>';

/** A message that came from a kernel. */
export interface JupyterMessage {
  type: string;
  /** Id of the request it answers. */
  parent: string | undefined;
  content: Record<string, unknown>;
}

/** The frames of a request. */
export function encode(
  type: string,
  content: object,
  options: { id: string; session: string; key: string },
): string[] {
  const { id, session, key } = options;
  const date = new Date().toISOString();
  const header = { msg_id: id, msg_type: type, session, username: 'g2lstm', version: '5.3', date };
  const parts = [header, {}, {}, content].map((part) => JSON.stringify(part));
  return [DELIMITER, sign(parts, key), ...parts];
}

/** Reads the frames of a message; a wrong signature is an error. */
export function decode(frames: readonly Uint8Array[], key: string): JupyterMessage {
  const texts = frames.map((frame) => Buffer.from(frame).toString());
  const at = texts.indexOf(DELIMITER);
  const [signature, ...parts] = texts.slice(at + 1);
  if (at < 0 || parts.length < 4) throw new Error('not a message of the Jupyter protocol');
  if (key !== '' && signature !== sign(parts.slice(0, 4), key))
    throw new Error('a message of the kernel carries a wrong signature');
  const [header, parent, , content] = parts.map((part) => JSON.parse(part));
  return { type: header.msg_type, parent: parent.msg_id, content };
}

/** An id for a message or a session. */
export const newId = (): string => randomUUID();

/** The signature of a message's parts, HMAC-SHA256. */
export function sign(parts: readonly (Buffer | string)[], key: string): string {
  const mac = createHmac('sha256', key);
  for (const part of parts) mac.update(part);
  return mac.digest('hex');
}
