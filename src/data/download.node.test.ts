import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Download, download } from "./download.node.ts";
import { discardPartials } from "./partial.node.ts";

const size = 300_000;
const content = Buffer.from(Uint8Array.from({ length: size }, (_, at) => (at * at) >>> 7));
const otherBytes = Buffer.alloc(size, 1);
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

let folder: string;
let server: Server;
let job: Download;
/** What was asked of the server: the Range and If-Range of each request. */
let requestedRanges: string[];
/** What the server does with a request; each test sets it. */
let answer: (request: IncomingMessage, response: ServerResponse) => void;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "gradus-download-"));
  requestedRanges = [];
  server = createServer((request, response) => {
    requestedRanges.push([request.headers.range, request.headers["if-range"]].filter(Boolean).join(" "));
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  job = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/archive`,
    file: path.join(folder, "archive"),
    size,
    hash: { algorithm: "sha256", hex: sha256(content) },
    connectTimeout: 2000,
    stallTimeout: 2000,
  };
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

/** Serves `bytes` with ranges, as RFC 9110 says; after `most` bytes cuts the connection, or falls silent. */
function serve(bytes: Buffer, { most = Number.POSITIVE_INFINITY, tag = '"one"', cut = true } = {}) {
  return ({ headers }: IncomingMessage, response: ServerResponse) => {
    const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? "")?.[1] ?? 0);
    const fits = headers["if-range"] === undefined || headers["if-range"] === tag;
    const start = fits ? from : 0;
    const rest = bytes.subarray(start);
    response.writeHead(start > 0 ? 206 : 200, {
      etag: tag,
      "content-length": rest.length,
      ...(start > 0 ? { "content-range": `bytes ${start}-${bytes.length - 1}/${bytes.length}` } : {}),
    });
    if (rest.length <= most) response.end(rest);
    else response.write(rest.subarray(0, most), () => cut && setTimeout(() => response.destroy(), 50));
  };
}

/** Leaves a partial download of 100,000 bytes, as a failed one does. */
async function leavePartial(bytes = content): Promise<void> {
  answer = serve(bytes, { most: 100_000, cut: false });
  const abort = new AbortController();
  const onProgress = (done: number) => done === 100_000 && abort.abort();
  await expect(download({ ...job, signal: abort.signal, onProgress })).rejects.toThrow("aborted");
  expect(await readdir(folder)).toEqual(["archive.part"]);
  requestedRanges = [];
}

test("downloads a file, tells how far it is, and leaves nothing else", async () => {
  answer = serve(content);
  const progress: number[] = [];
  await download({ ...job, onProgress: (done, total) => total === size && progress.push(done) });
  expect(sha256(await readFile(job.file))).toBe(job.hash.hex);
  expect(await readdir(folder)).toEqual(["archive"]);
  expect(progress[0]).toBe(0);
  expect(progress.at(-1)).toBe(size);
  expect(progress).toEqual([...progress].sort((a, b) => a - b));
});

describe("resuming", () => {
  test("goes on after each cut, in one call", async () => {
    answer = serve(content, { most: 120_000 });
    await download(job);
    // How much of what was sent before a cut still arrives is the system's business.
    const from = requestedRanges.map((ranges) => Number(/^(?:bytes=(\d+)- "one")?$/.exec(ranges)?.[1] ?? 0));
    expect(from.length).toBeGreaterThan(2);
    expect(from.every((offset, at) => (offset === 0 ? at === 0 : offset > from[at - 1]))).toBe(true);
    expect(sha256(await readFile(job.file))).toBe(job.hash.hex);
  });

  test("goes on with what an earlier call left", async () => {
    await leavePartial();
    answer = serve(content);
    await download(job);
    expect(requestedRanges).toEqual(['bytes=100000- "one"']);
    expect(sha256(await readFile(job.file))).toBe(job.hash.hex);
    expect(await readdir(folder)).toEqual(["archive"]);
  });

  test("begins again when the server knows no ranges", async () => {
    await leavePartial();
    answer = (_, response) => response.writeHead(200, { "content-length": size }).end(content);
    await download(job);
    expect(requestedRanges).toEqual(['bytes=100000- "one"']);
    expect(sha256(await readFile(job.file))).toBe(job.hash.hex);
  });

  test("begins again when the file on the server has changed", async () => {
    await leavePartial(otherBytes);
    answer = serve(content, { tag: '"two"' });
    await download(job);
    expect(sha256(await readFile(job.file))).toBe(job.hash.hex);
  });

  test("begins again when what was left turns out to be of another version", async () => {
    await leavePartial(otherBytes);
    answer = serve(content); // under the same tag: only the hash tells
    await download(job);
    expect(requestedRanges).toEqual(['bytes=100000- "one"', ""]);
    expect(sha256(await readFile(job.file))).toBe(job.hash.hex);
  });

  test("begins again when the server refuses the range or sends another", async () => {
    for (const [status, range] of [
      [416, `bytes */${size}`],
      [206, `bytes 0-${size - 1}/${size}`],
    ] as const) {
      await leavePartial();
      const right = serve(content);
      answer = (request, response) =>
        request.headers.range === undefined
          ? right(request, response)
          : response.writeHead(status, { "content-range": range }).end(status === 206 ? content : "");
      await download(job);
      expect(requestedRanges).toHaveLength(2);
      expect(sha256(await readFile(job.file))).toBe(job.hash.hex);
      await rm(job.file);
    }
  });

  test("two downloads of one file at once do not touch each other's bytes", async () => {
    await leavePartial();
    answer = serve(content, { most: 150_000 });
    await Promise.all([download(job), download(job)]);
    expect(sha256(await readFile(job.file))).toBe(job.hash.hex);
    expect(await readdir(folder)).toEqual(["archive"]);
  });

  test("discardPartials forgets what was left", async () => {
    await leavePartial();
    await discardPartials(job.file);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe("what is refused leaves nothing under the final name", () => {
  afterEach(async () => {
    expect(await readdir(folder)).not.toContain("archive");
  });

  test("other bytes of the right length", async () => {
    answer = serve(otherBytes);
    await expect(download(job)).rejects.toMatchObject({
      code: "network",
      message: `${job.url}: sent other bytes: expected sha256 ${job.hash.hex}, found ${sha256(otherBytes)}`,
    });
    expect(await readdir(folder)).toEqual([]);
  });

  test("a page of another length, such as a sign-in page", async () => {
    answer = (_, response) => response.end("<html>Please sign in</html>");
    await expect(download(job)).rejects.toThrow("offered 27 bytes instead of 300000");
  });

  test("more bytes than the file has, without keeping them", async () => {
    answer = (_, response) => {
      response.writeHead(200, { "transfer-encoding": "chunked" }).end(Buffer.concat([content, otherBytes]));
    };
    await expect(download(job)).rejects.toThrow("sent more than 300000 bytes");
    expect(await readdir(folder)).toEqual([]);
  });

  test("fewer bytes, by a server that announces no length", async () => {
    answer = (_, response) => response.writeHead(200, { "transfer-encoding": "chunked" }).end(content.subarray(0, 9));
    await expect(download(job)).rejects.toThrow("stopped after 9 of 300000 bytes");
  });

  test("404, also when bytes are there already; they stay", async () => {
    await leavePartial();
    answer = (_, response) => response.writeHead(404).end("no");
    await expect(download(job)).rejects.toMatchObject({
      code: "network",
      place: job.url,
      message: `${job.url}: answered 404 Not Found`,
    });
    expect(await readdir(folder)).toEqual(["archive.part"]);
  });

  test("a server that accepts and never answers", async () => {
    answer = () => undefined;
    const before = performance.now();
    await expect(download({ ...job, connectTimeout: 100 })).rejects.toThrow("did not answer for 0.1 s");
    expect(performance.now() - before).toBeLessThan(1500);
  });

  test("a server that takes its time is not one that falls silent", async () => {
    answer = (_, response) => {
      let at = 0;
      response.writeHead(200, { "content-length": size });
      const more = setInterval(() => {
        if (at < size) response.write(content.subarray(at, (at += 50_000)));
        else response.end(() => clearInterval(more));
      }, 60);
    };
    await download({ ...job, file: `${job.file}.slow`, stallTimeout: 250 });
    expect(requestedRanges).toHaveLength(1);
  });

  test("a server that falls silent in the middle; what came is kept", async () => {
    answer = (request, response) => {
      if (request.headers.range !== undefined) return; // the second connection hears nothing at all
      response.writeHead(200, { "content-length": size }).write(content.subarray(0, 1000));
    };
    await expect(download({ ...job, connectTimeout: 200, stallTimeout: 100 })).rejects.toThrow("did not answer");
    expect(requestedRanges).toEqual(["", "bytes=1000-"]);
    expect(await readdir(folder)).toEqual(["archive.part"]);
  });

  test("no server at all", async () => {
    answer = () => undefined;
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    await expect(download(job)).rejects.toMatchObject({
      code: "network",
      message: `${job.url}: connect ECONNREFUSED 127.0.0.1:${port}`,
    });
  });

  test("an abort: its own reason is thrown, at once", async () => {
    answer = () => undefined;
    const reason = new Error("Ctrl-C");
    const abort = new AbortController();
    setTimeout(() => abort.abort(reason), 30);
    await expect(download({ ...job, signal: abort.signal })).rejects.toBe(reason);
    await expect(download({ ...job, signal: abort.signal })).rejects.toBe(reason);
  });
});

test("an old file stays until the new one is whole", async () => {
  await writeFile(job.file, "old");
  answer = serve(otherBytes);
  await expect(download(job)).rejects.toThrow("sent other bytes");
  expect(await readFile(job.file, "utf8")).toBe("old");
  answer = serve(content);
  await download(job);
  expect(sha256(await readFile(job.file))).toBe(job.hash.hex);
});
