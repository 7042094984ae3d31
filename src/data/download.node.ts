import { open } from "node:fs/promises";
import { Fault } from "../fault/fault.ts";
import { hashFile } from "../files/hash-file.node.ts";
import { publish } from "../files/whole-file.node.ts";
import {
  claimPartial,
  type Partial,
  received,
  releasePartial,
  rememberValidator,
  restart,
  validator,
} from "./partial.node.ts";

export interface Download {
  readonly url: string;
  /** The name the file gets once it is whole and its hash is right. */
  readonly file: string;
  /** Until then its bytes wait in `<partial>.part`, on the same file system; beside `file` when absent. */
  readonly partial?: string | undefined;
  /** Bytes of the file. */
  readonly size: number;
  readonly hash: { readonly algorithm: "md5" | "sha256" | "sha512"; readonly hex: string };
  readonly signal?: AbortSignal | undefined;
  /** Called as bytes arrive; `done` starts where an earlier download stopped. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Milliseconds until the server must have begun to answer; 3000 when absent. */
  readonly connectTimeout?: number | undefined;
  /** Milliseconds that may pass without a byte; 20000 when absent. */
  readonly stallTimeout?: number | undefined;
}

/** Connections tried for one file, as long as each brings some bytes. */
const connections = 8;
const remedy = "check the connection and the proxy, then try again: what has arrived and is right is kept";

/**
 * Downloads one file. What an earlier or a cut connection left is resumed, from the start when the server cannot resume.
 * Size and hash are checked before the file gets its name: under `file` there is a whole, right file or nothing new.
 * A proxy is used where Node's fetch uses one: under NODE_USE_ENV_PROXY=1, the one of HTTPS_PROXY.
 * Throws a Fault "network" that says what the server answered, or the signal's reason when it is aborted.
 */
export async function download(job: Download): Promise<void> {
  job.signal?.throwIfAborted();
  const name = job.partial ?? job.file;
  const partial = await claimPartial(name);
  try {
    // Bytes that were left may be of another version: when they end in a wrong hash, once more from the start.
    for (let resumed = (await received(partial)) > 0; ; resumed = false) {
      await receiveAll(job, partial);
      const { algorithm, hex } = job.hash;
      const actual = await hashFile(partial.bytes, algorithm);
      if (actual === hex) break;
      await restart(partial);
      if (!resumed) throw refusal(job, `sent other bytes: expected ${algorithm} ${hex}, found ${actual}`);
    }
    await publish(partial.bytes, job.file);
  } finally {
    await releasePartial(partial, name);
  }
}

/** Connects until all bytes are there; gives up at a connection that brings none. */
async function receiveAll(job: Download, partial: Partial): Promise<void> {
  if ((await received(partial)) > job.size) await restart(partial);
  for (let connection = 1; ; connection++) {
    const before = await received(partial);
    if (before === job.size) return;
    try {
      await receive(job, partial, before);
      return;
    } catch (error) {
      job.signal?.throwIfAborted();
      const after = await received(partial);
      const restarted = after === 0 && before > 0;
      if (connection === connections || (after <= before && !restarted)) throw error;
    }
  }
}

/** One connection: asks for the bytes from `from` on and appends them. */
async function receive(job: Download, partial: Partial, from: number): Promise<void> {
  const { connectTimeout = 3000, stallTimeout = 20_000 } = job;
  const silence = new AbortController();
  const giveUp = (milliseconds: number, what: string) =>
    setTimeout(() => silence.abort(refusal(job, `${what} for ${milliseconds / 1000} s`)), milliseconds);
  let timer = giveUp(connectTimeout, "did not answer");
  try {
    const response = await fetch(job.url, {
      headers: await requestHeaders(partial, from),
      signal: job.signal === undefined ? silence.signal : AbortSignal.any([job.signal, silence.signal]),
    });
    clearTimeout(timer);
    timer = giveUp(stallTimeout, "sent nothing");
    const start = await firstByte(job, partial, response, from);
    await append(job, partial, response, start, () => timer.refresh());
  } catch (error) {
    job.signal?.throwIfAborted();
    if (silence.signal.aborted) throw silence.signal.reason;
    // Node's fetch says "fetch failed" or "terminated" and keeps the reason in `cause`; disk errors name a system call.
    if (!(error instanceof TypeError)) throw error;
    const cause = error.cause instanceof Error ? error.cause.message || String(error.cause) : error.message;
    throw refusal(job, cause, { cause: error });
  } finally {
    clearTimeout(timer);
    silence.abort(); // closes a connection that was not read to its end
  }
}

async function requestHeaders(partial: Partial, from: number): Promise<Record<string, string>> {
  // "identity": a server that calls the archive's gzip a content encoding must not have it unpacked on the way.
  if (from === 0) return { "accept-encoding": "identity" };
  const version = await validator(partial);
  const condition = version === undefined ? {} : { "if-range": version };
  return { "accept-encoding": "identity", range: `bytes=${from}-`, ...condition };
}

/** Where the answer's first byte belongs: `from`, or 0 when the server sends everything; refuses any other answer. */
async function firstByte(job: Download, partial: Partial, response: Response, from: number): Promise<number> {
  if (response.status === 206) {
    const range = response.headers.get("content-range") ?? "";
    const [, start, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(range) ?? [];
    if (Number(start) === from && (total === "*" || Number(total) === job.size)) return from;
    await restart(partial);
    throw refusal(job, `sent another part than asked for: ${range || "no Content-Range"}`);
  }
  if (response.status === 416) await restart(partial);
  if (response.status !== 200) throw refusal(job, `answered ${response.status} ${response.statusText}`.trimEnd());
  const length = response.headers.get("content-length");
  if (length !== null && Number(length) !== job.size) {
    throw refusal(job, `offered ${length} bytes instead of ${job.size}`);
  }
  await restart(partial);
  await rememberValidator(partial, response.headers);
  return 0;
}

async function append(
  job: Download,
  partial: Partial,
  response: Response,
  from: number,
  onPiece: () => void,
): Promise<void> {
  let done = from;
  const file = await open(partial.bytes, "a");
  try {
    job.onProgress?.(done, job.size);
    for await (const piece of response.body ?? []) {
      onPiece();
      done += piece.length;
      if (done > job.size) {
        await file.truncate(0);
        throw refusal(job, `sent more than ${job.size} bytes`);
      }
      await file.writeFile(piece);
      job.onProgress?.(done, job.size);
    }
  } finally {
    await file.close();
  }
  if (done < job.size) throw refusal(job, `stopped after ${done} of ${job.size} bytes`);
}

function refusal({ url }: Download, message: string, options?: ErrorOptions): Fault {
  return new Fault("network", url, message, remedy, options);
}
