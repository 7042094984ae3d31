import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseSpec } from "../record/parse-spec.ts";
import { encodeRunEvent } from "../record/run-event.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { drip, neverRead, request, say } from "./fixtures/hostile-clients.ts";
import { type Served, serveLab } from "./serve-lab.ts";

const site = mkdtempSync(join(tmpdir(), "gradus-test-"));
writeFileSync(join(site, "index.html"), "<!doctype html><title>Gradus</title>");
const spec = parseSpec({ training: { steps: 1, schedule: { kind: "constant", rate: 0.1 } } });
const patience = 600;
const memory = createMemoryStore();
let lists = 0;
const store = {
  ...memory,
  logs: (filter?: Parameters<typeof memory.logs>[0]) => {
    lists += 1;
    return memory.logs(filter);
  },
};
const defects: Error[] = [];
const servers: Served[] = [];
/** A server as people have it, and one with little patience. */
let [port, hasty] = [0, 0];

async function served(waits?: number): Promise<number> {
  const about = { address: "127.0.0.1", port: 0, isReadOnly: true, site, patience: waits };
  const server = await serveLab(store, { ...about, onDefect: (error) => defects.push(error), onFailure: () => {} });
  servers.push(server);
  return Number(new URL(server.url).port);
}

beforeAll(async () => {
  // A list of 6 MB: more than the system keeps for a socket that is not read.
  const notes = "n".repeat(10_000);
  const entries = [
    { kind: "created" as const, spec, data: [] },
    { kind: "labelled" as const, notes },
  ].map(encodeRunEvent);
  await store.append(...Array.from({ length: 600 }, (_, i) => ({ log: `run-${i}`, kind: "run", at: 0, entries })));
  [port, hasty] = [await served(), await served(patience)];
});
afterAll(async () => {
  for (const server of servers) await server.close();
  rmSync(site, { recursive: true, force: true });
});

test("who sends byte by byte, or asks and never reads, is dropped; who waits on a stream without news is kept", async () => {
  const head = `GET / HTTP/1.1\r\nHost: 127.0.0.1:${hasty}\r\n${"X-Slow: yes\r\n".repeat(1000)}`;
  const headers = "content-type: application/json\r\ncontent-length: 20000\r\n";
  const body = request(hasty, "/api/spec", { method: "POST", headers, body: '{"spec":' });
  const number = await store.changed();
  const abort = new AbortController();
  const stream = await fetch(`http://127.0.0.1:${hasty}/api/changes?since=${number}`, { signal: abort.signal });
  const before = lists;
  // Each of them ends when the server ends it, and only then.
  const [silent, slowHead, slowBody] = await Promise.all([
    drip(hasty, ""),
    drip(hasty, head),
    drip(hasty, `${body}${" ".repeat(19_000)}`, { pause: 10 }),
    neverRead(hasty, request(hasty, "/api/changes")),
    neverRead(hasty, request(hasty, "/api/runs").repeat(100)),
  ]);
  expect(silent).toMatch(/^(HTTP\/1.1 408|$)/);
  expect(slowHead).toMatch(/^(HTTP\/1.1 408|$)/);
  expect(slowBody).not.toMatch(/^HTTP\/1.1 200/);
  // One answer was made for the many that were asked for and not taken.
  expect(lists - before).toBeLessThan(10);
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader?.read())?.value).toContain('"runs":[]');
  await store.append({
    log: "late",
    kind: "run",
    at: 0,
    entries: [encodeRunEvent({ kind: "created", spec, data: [] })],
  });
  expect((await reader?.read())?.value).toContain('"id":"late"');
  abort.abort();
});

test("heads and bodies that are too large, and what is no request, are refused", async () => {
  const refusal = async (text: string) => /^HTTP\/1.1 (\d+)/.exec(await say(port, text, /\r\n\r\n/))?.[1];
  expect(await refusal(request(port, "/", { headers: `X-Large: ${"x".repeat(20_000)}\r\n` }))).toBe("431");
  const post = (headers: string) =>
    request(port, "/api/spec", { method: "POST", headers: `content-type: application/json\r\n${headers}\r\n` });
  expect(await refusal(post("content-length: 1000000000"))).toBe("413");
  const chunk = `2000\r\n${" ".repeat(0x2000)}\r\n`;
  expect(await refusal(`${post("transfer-encoding: chunked")}${chunk.repeat(20)}`)).toBe("413");
  expect(await refusal("\x16\x03\x01 no TLS here\r\n\r\n")).toBe("400");
  expect(await refusal(post("content-length: 5\r\ntransfer-encoding: chunked"))).toBe("400");
});

test("requests in one breath are answered in their order, and one whose sender has closed its half is answered", async () => {
  const paths = ["/", "/api/lab", "/nothing"];
  const statuses = /HTTP\/1.1 (\d+)/g;
  const answers = await say(port, paths.map((path) => request(port, path)).join(""), /(HTTP\/1.1[\s\S]*){3}/);
  expect([...answers.matchAll(statuses)].map(([, status]) => status)).toEqual(["200", "200", "404"]);
  const half = await say(port, request(port, "/api/lab"), /\}/, { halfClosed: true });
  expect(half).toMatch(/^HTTP\/1.1 200[\s\S]*"isReadOnly":true/);
});

test("200 connections at once are all answered, and nothing of all this was a defect", async () => {
  const answers = await Promise.all(Array.from({ length: 200 }, () => say(port, request(port, "/api/lab"), /\}/)));
  expect(answers.filter((answer) => answer.startsWith("HTTP/1.1 200")).length).toBe(200);
  expect(defects).toEqual([]);
});
