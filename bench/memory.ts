// A training in a process of its own; prints the most memory that was resident, in MiB: node memory.ts DEVICE MEMBERS

import { createNodeDevice } from "../src/math/select.node.ts";
import { loadSplit } from "../src/train/split.node.ts";
import { outcome, train } from "../src/train/train.ts";
import { searchSpecs } from "./work.ts";

const [device, members] = process.argv.slice(2);
const lambdas = Array.from({ length: Number(members) }, (_, p) => 10 ** (-5 + p / 8));
// Measured before the first step and after the last, on all images: what needs the most.
const specs = searchSpecs(device, 50, lambdas);
await outcome(train(specs, await loadSplit(specs[0]), { create: createNodeDevice }));
process.stdout.write(`${Math.round(process.resourceUsage().maxRSS / 1024)}\n`);
