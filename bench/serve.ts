import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { Browser } from "playwright-core";
import { encodeRunEvent, type RunEvent } from "../src/record/run-event.ts";
import { openStore } from "../src/store/open-store.node.ts";
import { openBrowser } from "../tests/open-page.ts";
import { type Serving, startServing } from "../tests/serving.ts";
import { type ServeCosts, serveAims } from "./aims.ts";
import { follow, processorTime, residentMemory, unheard, viewer } from "./followers.ts";
import { median } from "./median.ts";
import { type StepTimes, stepTimes } from "./page-training.ts";
import { chartTime, comparisonTime, firstPaint, listTime, panningFrames } from "./pages.ts";
import { makeRuns, measurementOf, points } from "./thousand-runs.ts";

// What the pages cost: `node bench/serve.ts [--quick] [--json] [site] [paint] [list] [chart] [compared] [panning] [viewers] [viewed] [page] [threads]
// [clients]`, all where none is named. Hurried, a tenth of the runs, and a sixth of the time.

const words = process.argv.slice(2);
const [isQuick, isJson] = ["--quick", "--json"].map((flag) => words.includes(flag));
const names = words.filter((word) => !word.startsWith("--"));
const folder = mkdtempSync(join(tmpdir(), "gradus-bench-"));
const rounds = isQuick ? 2 : 5;

/** What is begun once, when it is first asked for, and ended with everything else. */
const open = { servers: new Map<string, Promise<Serving>>(), browser: undefined as Promise<Browser> | undefined };
const server = (store: string) => {
  const serving = open.servers.get(store) ?? startServing(join(folder, store));
  open.servers.set(store, serving);
  return serving;
};
const browser = () => {
  open.browser ??= openBrowser();
  return open.browser;
};
let made: Promise<readonly string[]> | undefined;
/** The server of a store of a thousand runs, and their ids. */
const thousand = async () => {
  made ??= makeRuns(join(folder, "thousand"), isQuick ? 100 : 1000);
  const ids = await made;
  return { ids, url: (await server("thousand")).url };
};
let counted: ReturnType<typeof countClients> | undefined;
let trained: Promise<StepTimes> | undefined;
const training = async () => {
  trained ??= stepTimes(await browser(), (await server("empty")).url, isQuick ? 1000 : 2000, isQuick ? 1 : 3);
  return await trained;
};

const measures: { readonly [key in keyof Required<ServeCosts>]: () => number | Promise<number> } = {
  site: async () => {
    await server("empty"); // which builds the pages where they are stale
    return siteKilobytes();
  },
  paint: async () => await firstPaint(await browser(), (await server("empty")).url, rounds),
  list: async () => await listTime(await browser(), (await thousand()).url, rounds),
  chart: async () => await chartTime(await browser(), (await thousand()).url, rounds),
  compared: async () => {
    const { ids, url } = await thousand();
    return await comparisonTime(await browser(), url, ids.slice(0, 50), rounds);
  },
  panning: async () => {
    const { ids, url } = await thousand();
    const to = 45 * (points - 1);
    const stretch = `updates=${Math.round(to / 4)}-${Math.round(to / 2)}`;
    return await panningFrames(await browser(), `${url}#/run/${ids[0]}?${stretch}`, isQuick ? 1000 : 4000);
  },
  viewers: slowedByViewers,
  viewed: viewersOfServer,
  page: async () => {
    const { commandLine, page } = await training();
    return commandLine / page;
  },
  threads: async () => {
    const { page, threads } = await training();
    return page / threads;
  },
  lost: async () => (await clients()).lost,
  memory: async () => (await clients()).memory,
};

const costs: { -readonly [key in keyof ServeCosts]: ServeCosts[key] } = {};
try {
  for (const [name, measure] of Object.entries(measures)) {
    const isNamed = names.includes(name) || (names.includes("clients") && ["lost", "memory"].includes(name));
    if (names.length > 0 && !isNamed) continue;
    const value = await measure();
    costs[name as keyof ServeCosts] = value;
    const [{ aim, wanted, reached, met }] = serveAims({ [name]: value }).filter((each) => each.met !== null);
    process.stderr.write(`${aim}: ${reached} (aim: ${wanted}; ${met ? "met" : "missed"})\n`);
  }
  if (trained !== undefined) process.stderr.write(`microseconds of a step: ${JSON.stringify(await trained)}\n`);
} finally {
  await (await open.browser)?.close();
  for (const serving of open.servers.values()) await (await serving).end();
  rmSync(folder, { recursive: true, force: true });
}
if (isJson) process.stdout.write(`${JSON.stringify(costs)}\n`);

/** The site that trains, packed, without its kernels: what any server of files sends. */
function siteKilobytes(): number {
  const home = fileURLToPath(new URL("../build/web/try", import.meta.url));
  const files = ["index.html", ...globSync("assets/*", { cwd: home })].filter((name) => !name.includes("kernels-"));
  return files.reduce((sum, name) => sum + gzipSync(readFileSync(join(home, name))).length, 0) / 1000;
}

/** By how many percent a training is slower while five follow it: each stream, and each log as it grows. */
async function slowedByViewers(): Promise<number> {
  const { url } = await server("viewed");
  const times: Record<"alone" | "viewed", number[]> = { alone: [], viewed: [] };
  const spec = {
    data: { split: { kind: "hold-out", validation: 5000 } },
    training: { epochs: isQuick ? 1 : 3, schedule: { kind: "triangular", min: 1e-5, max: 0.1, halfCycle: 900 } },
    evaluate: { test: false },
  };
  for (let round = 0; round <= (isQuick ? 3 : 5); round++) {
    for (const name of ["alone", "viewed"] as const) {
      const viewers = Array.from({ length: name === "viewed" ? 5 : 0 }, () => viewer(url));
      const seconds = await trainThere(url, { ...spec, seed: round });
      for (const each of viewers) each.close();
      if (round > 0) times[name].push(seconds);
    }
  }
  return 100 * (median(times.viewed) / median(times.alone) - 1);
}

/** Five follow a run that is measured twenty times a second by this process: what the server computes, in percent of a processor. */
async function viewersOfServer(): Promise<number> {
  const [log] = await makeRuns(join(folder, "watched"), 1, 5000);
  const store = await openStore(join(folder, "watched"));
  const claim = await store.claim(log);
  let [{ entries: at }] = await store.logs({ log });
  // It goes on: its log was closed.
  const opened: RunEvent = { kind: "opened", at: "2026-11-21T11:00:00.000Z", host: "bench", versions: {} };
  await store.append({ log, kind: "run", at: at++, entries: [encodeRunEvent(opened)] });
  const { url, pid } = await server("watched");
  const viewers = Array.from({ length: 5 }, () => viewer(url));
  await sleep(2000); // they have read what there is
  const [before, began] = [processorTime(pid), performance.now()];
  const seconds = () => (performance.now() - began) / 1000;
  while (seconds() < (isQuick ? 5 : 30)) {
    await store.append({ log, kind: "run", at: at++, entries: [encodeRunEvent(measurementOf(0, at))] });
    await sleep(50);
  }
  const share = (100 * (processorTime(pid) - before)) / seconds();
  const missed = await unheard(viewers, new Map([[log, at]]));
  for (const each of viewers) each.close();
  await claim?.release();
  await store.close();
  if (missed > 0) throw new Error(`${missed} of five viewers did not hear of the last measurement`);
  return share;
}

/** Has a server train, and gives the seconds that it took. */
async function trainThere(url: string, spec: object): Promise<number> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${url}api/runs`, { method: "POST", headers, body: JSON.stringify({ spec }) });
  const { run, error } = (await answer.json()) as { run?: string; error?: { message: string } };
  if (run === undefined) throw new Error(`it was not begun: ${error?.message}`);
  for (;;) {
    await sleep(500);
    const entries = (await (await fetch(`${url}api/runs/${run}/entries?from=2`)).json()) as RunEvent[];
    const closed = entries.find(({ kind }) => kind === "closed");
    if (closed?.kind === "closed") return closed.seconds;
  }
}

/** 200 clients of the stream of changes for a minute, while 20 runs go on; half of them come back once. */
async function clients() {
  counted ??= countClients();
  return await counted;
}

async function countClients() {
  const seconds = isQuick ? 10 : 60;
  const ids = await makeRuns(join(folder, "followed"), 1);
  const store = await openStore(join(folder, "followed"));
  const { url, pid } = await server("followed");
  const truth = new Map<string, number>((await store.logs({ kind: "run" })).map(({ log, entries }) => [log, entries]));
  const label = (log: string, count: number) => {
    const at = truth.get(log) ?? 0;
    truth.set(log, at + 1);
    const event: RunEvent = { kind: "labelled", tags: [`tag-${count}`] };
    return store.append({ log, kind: "run", at, entries: [encodeRunEvent(event)] });
  };
  // Runs without measurements: a log is read whole where its summary is old.
  const [first] = await store.read(ids[0], 0);
  const logs = Array.from({ length: 20 }, (_, run) => `20261121T110000Z-bench-${run}`);
  await store.append(...logs.map((log) => ({ log, kind: "run", at: 0, entries: [first] })));
  for (const log of logs) truth.set(log, 1);
  const all = Array.from({ length: 200 }, () => follow(url));
  const began = performance.now();
  let count = 0;
  let [early, most] = [0, 0];
  for (let now = 0; now < seconds * 1000; now = performance.now() - began) {
    await label(logs[count++ % logs.length], count);
    if (count % 20 === 0) {
      const resident = residentMemory(pid);
      if (now < (seconds * 1000) / 6) early = Math.max(early, resident);
      most = Math.max(most, resident);
    }
    if (count === 100) for (const client of all.slice(0, 100)) client.reconnect();
    await sleep(20);
  }
  const lost = (await unheard(all, truth)) + all.reduce((sum, { doubles }) => sum + doubles, 0);
  for (const client of all) client.close();
  await store.close();
  return { lost, memory: most - early };
}
