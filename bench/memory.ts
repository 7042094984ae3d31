// A training as the command line runs it, in a process of its own; prints the most memory that was resident, in MiB, and
// the share of the time in which the thread that hears, folds and shows its events was busy: node memory.ts DEVICE MEMBERS

import { performance } from "node:perf_hooks";
import { toJson } from "../src/record/number.ts";
import { outcome } from "../src/train/train.ts";
import { trainInThread } from "../src/worker/train-in-thread.node.ts";
import { searchSpecs } from "./work.ts";

const [device, members] = process.argv.slice(2);
const lambdas = Array.from({ length: Number(members) }, (_, p) => 10 ** (-5 + p / 8));
// Measured on all images before the first step and after each epoch: what needs the most.
const specs = searchSpecs(device, 900, lambdas);
const before = performance.eventLoopUtilization();
const { runs } = await outcome(trainInThread(specs));
toJson(runs, 2);
const busy = performance.eventLoopUtilization(before).utilization;
process.stdout.write(`${Math.round(process.resourceUsage().maxRSS / 1024)} ${busy.toFixed(4)}\n`);
