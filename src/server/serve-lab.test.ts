import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { parseSpec } from "../record/parse-spec.ts";
import { encodeRunEvent } from "../record/run-event.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { serveLab } from "./serve-lab.ts";

const site = mkdtempSync(join(tmpdir(), "gradus-test-"));
writeFileSync(join(site, "index.html"), "<!doctype html><title>Gradus</title>");
afterAll(() => rmSync(site, { recursive: true, force: true }));

const options = { address: "127.0.0.1", port: 0, isReadOnly: true, site, onFailure: () => {}, onDefect: () => {} };
const spec = parseSpec({ training: { steps: 1, schedule: { kind: "constant", rate: 0.1 } } });

test("over a socket: the page, a stream that follows the store, and an end that ends the stream", async () => {
  const store = createMemoryStore();
  const served = await serveLab(store, options);
  expect(await (await fetch(served.url)).text()).toContain("<title>Gradus</title>");
  const response = await fetch(`${served.url}api/changes`);
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader.read()).value).toMatch(/^retry: 1000\nid: 0\n/);
  await store.append({ log: "a", kind: "run", at: 0, entries: [encodeRunEvent({ kind: "created", spec, data: [] })] });
  expect((await reader.read()).value).toMatch(/^retry: 1000\nid: 1\ndata: .*"id":"a"/);
  await served.close();
  expect((await reader.read().catch(() => ({ done: true }))).done).toBe(true);
  await expect(fetch(served.url)).rejects.toThrow();
});

test("a port that is taken, and an address that is not this machine's, are refused with a remedy", async () => {
  const store = createMemoryStore();
  const served = await serveLab(store, options);
  const port = Number(new URL(served.url).port);
  await expect(serveLab(store, { ...options, port })).rejects.toMatchObject({ code: "usage", place: "--port" });
  await served.close();
  const address = "192.0.2.1"; // for documentation only, RFC 5737
  const elsewhere = serveLab(store, { ...options, address, token: "a token of many letters" });
  await expect(elsewhere).rejects.toMatchObject({ code: "usage", place: "--host" });
});
