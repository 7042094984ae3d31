// A training as the command line runs it, kept in a store, in a process of its own; prints the most memory that was
// resident, in MiB, and the share of the time in which the thread that hears, keeps and folds its events was busy:
// node memory.ts DEVICE MEMBERS

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { toJson } from "../src/record/number.ts";
import { parseSpec } from "../src/record/parse-spec.ts";
import { openStore } from "../src/store/open-store.node.ts";
import { outcome } from "../src/train/train.ts";
import { recorded } from "../src/worker/recorded.ts";
import { createRunWriter } from "../src/worker/run-writer.ts";
import { trainInThread } from "../src/worker/train-in-thread.node.ts";
import { searchSpecs } from "./work.ts";

const [device, members] = process.argv.slice(2);
const lambdas = Array.from({ length: Number(members) }, (_, p) => 10 ** (-5 + p / 8));
// Measured on all images before the first step and after each epoch: what needs the most.
const specs = searchSpecs(device, 900, lambdas);
const folder = mkdtempSync(join(tmpdir(), "gradus-bench-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
const store = await openStore(folder);
const writers = specs.map((_, member) => createRunWriter(store, `run-${member}`, member));
const opened = { kind: "opened", at: new Date().toISOString(), host: "bench", versions: {} } as const;
await Promise.all(
  writers.map((writer, member) => writer.write({ kind: "created", spec: parseSpec(specs[member]), data: [] }, opened)),
);
const before = performance.eventLoopUtilization();
const { runs } = await outcome(recorded(trainInThread, specs, writers, { checkpoints: { seconds: 10 } }));
toJson(runs, 2);
const busy = performance.eventLoopUtilization(before).utilization;
process.stdout.write(`${Math.round(process.resourceUsage().maxRSS / 1024)} ${busy.toFixed(4)}\n`);
