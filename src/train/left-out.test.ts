import { expect, test } from "vitest";
import { leftOut } from "../record/left-out.ts";
import { type Change, run } from "./fixtures/small-runs.ts";

// Where each of the keys may be, and changes something when it has another value.
const around: Readonly<Record<string, Change>> = {
  "network.slope": ["network.activation", "leaky-relu"],
  "network.residual": ["network.hidden", [13, 13]],
  "network.batchNorm.statistics": ["network.batchNorm", {}],
  "training.schedule.decay": ["training.schedule.halfCycle", 10],
};
const others: Readonly<Record<string, unknown>> = {
  "network.activation": "tanh",
  "network.slope": 0.3,
  "network.residual": true,
  "network.batchNorm.statistics": "precise",
  "training.loss": { kind: "hinge" },
  "training.schedule.decay": 0.5,
};

test.each(Object.entries(leftOut))("%s: left out it is %j, to the last bit, and nothing else", async (path, value) => {
  const before: readonly Change[] = path in around ? [around[path]] : [];
  const ends = async (...changes: Change[]) => {
    const { weightsSha256, final } = await run(["device", "wasm"], ...before, ...changes);
    return [weightsSha256, final?.validation];
  };
  const bare = await ends();
  expect(await ends([path, value])).toEqual(bare);
  expect(await ends([path, others[path]])).not.toEqual(bare);
});
