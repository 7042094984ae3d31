import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { parseSpec } from "../../src/record/parse-spec.ts";
import { encodeRunEvent } from "../../src/record/run-event.ts";
import { drip, neverRead, request } from "../../src/server/fixtures/hostile-clients.ts";
import { openStore } from "../../src/store/open-store.node.ts";
import { temporaryFolder } from "../run-gradus.ts";
import { startServing } from "../serving.ts";

// The quick form of this is beside the server: src/server/hostile-clients.test.ts.

const { folder, remove } = temporaryFolder();
afterAll(remove);

function residentMegabytes(pid: number): number {
  const [, kilobytes] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) / 1024;
}

test("hundreds of hostile clients stop neither a training nor the dashboard, and leave the server as large as it was", async () => {
  const store = await openStore(join(folder, "store"));
  const spec = parseSpec({ training: { steps: 1, schedule: { kind: "constant", rate: 0.1 } } });
  const entries = [
    { kind: "created" as const, spec, data: [] },
    { kind: "labelled" as const, notes: "n".repeat(10_000) },
  ].map(encodeRunEvent);
  await store.append(...Array.from({ length: 600 }, (_, i) => ({ log: `run-${i}`, kind: "run", at: 0, entries })));
  await store.close();
  const { url, port, pid, end } = await startServing(join(folder, "store"));
  const train = async (name: string) => {
    const body = JSON.stringify({
      spec: { name, training: { epochs: 30, schedule: { kind: "constant", rate: 0.01 } }, evaluate: { every: "end" } },
    });
    const headers = { "content-type": "application/json" };
    const { run } = (await (await fetch(`${url}api/runs`, { method: "POST", headers, body })).json()) as {
      run: string;
    };
    for (;;) {
      const log = await (await fetch(`${url}api/runs/${run}/entries?from=2`)).text();
      const [, hash] = /"weightsSha256":"(\w+)"/.exec(log) ?? [];
      if (hash !== undefined) return hash;
      await sleep(500);
    }
  };
  const undisturbed = await train("undisturbed");
  const before = residentMegabytes(pid);
  const head = `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${"X-Slow: yes\r\n".repeat(200)}`;
  const hostile = [
    ...Array.from({ length: 100 }, () => drip(port, head, { pause: 100 })),
    ...Array.from({ length: 50 }, () => neverRead(port, request(port, "/api/changes"))),
    ...Array.from({ length: 50 }, () => neverRead(port, request(port, "/api/runs").repeat(200))),
  ];
  const answered: number[] = [];
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      const began = performance.now();
      expect((await fetch(`${url}api/lab`)).status).toBe(200);
      answered.push(performance.now() - began);
      await sleep(200);
    }
  })();
  expect(await train("among them")).toBe(undisturbed);
  await Promise.all(hostile);
  isOver = true;
  await watching;
  expect(answered.length).toBeGreaterThan(20);
  await sleep(5000);
  // A hundred lists of 6 MB were asked for a hundred times over.
  expect(residentMegabytes(pid) - before).toBeLessThan(400);
  expect(await end()).toBe(0);
});
