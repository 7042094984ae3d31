import { expect, test } from "vitest";
import { nativeLibrary } from "../../src/math/devices/native/library.node.ts";
import { stream } from "../../src/math/random/stream.ts";
import { setPath } from "../../src/record/parse-spec.ts";
import type { SpecInput } from "../../src/record/spec.ts";
import { killedRun, longRun, withoutCompiler } from "../killed-run.ts";

// Where there is no C compiler, `auto` is `wasm` and nothing is left to show.
const hasNative = await nativeLibrary("f32").then(
  () => true,
  () => false,
);

const leastHits = Number(process.env.GRADUS_KILLS ?? 200);

test(`${leastHits} kills: every run ends as the one that was never killed`, async () => {
  const { hash: whole } = await killedRun(0, 0);
  let hits = 0;
  let runs = 0;
  for (let seed = 1; hits < leastHits; seed++) {
    const kills = 1 + Math.floor(5 * stream(seed, "kills").uniform(0, 1, 1)[0]);
    const killed = await killedRun(kills, seed);
    expect(killed.hash, `seed ${seed}`).toBe(whole);
    hits += killed.hits;
    runs += 1;
  }
  process.stdout.write(`${hits} kills of ${runs} runs, all ended identically\n`);
});

test.skipIf(!hasNative)(
  `${leastHits} kills on native, half of them resumed on wasm: every run ends as on wasm alone`,
  async () => {
    const { hash: whole } = await killedRun(0, 0);
    const spec = { ...longRun, device: "auto" };
    let hits = 0;
    let [native, wasm] = [0, 0];
    for (let seed = 1; hits < leastHits; seed++) {
      const kills = 1 + Math.floor(5 * stream(seed, "kills").uniform(0, 1, 1)[0]);
      const killed = await killedRun(kills, seed, spec, (session) => {
        const isNative = session === 0 || (seed + session) % 2 === 0;
        if (session > 0 && isNative) native += 1;
        if (!isNative) wasm += 1;
        return isNative ? {} : withoutCompiler;
      });
      expect(killed.hash, `seed ${seed}`).toBe(whole);
      hits += killed.hits;
    }
    process.stdout.write(
      `${hits} kills, ${native} times resumed on native and ${wasm} on wasm, all ended identically\n`,
    );
  },
);

/** What else a step can remember of those before it, each as a change of the long run. */
const variants: readonly (readonly [path: string, value: unknown])[] = [
  ...["sgd", "nesterov", "adam", "adamw", "adagrad", "rmsprop"].map((kind) => ["training.update", { kind }] as const),
  ["training.clip", 0.5],
  ...["leaky-relu", "gelu", "tanh"].map((activation) => ["network.activation", activation] as const),
  ["network", { hidden: [25, 25], residual: true, batchNorm: { place: "after-relu" }, dropout: 0.1 }],
  ...["precise", "adaptive"].map((statistics) => ["network.batchNorm.statistics", statistics] as const),
  ...[
    { kind: "ema", decay: 0.98 },
    { kind: "swa", from: 200, every: 30 },
  ].map((average) => ["training.average", average] as const),
  ...[
    { flip: 0.5 },
    { translate: 3, border: "edge" },
    { jitter: 0.2 },
    { noise: 0.05 },
    { cutout: 8 },
    { mixup: 0.4 },
  ].map((augment) => ["data.augment", augment] as const),
];

test.each(variants)(
  "killed and resumed with %s %j, a run ends as the one that was never killed",
  async (path, value) => {
    const spec = setPath(longRun, path, value) as SpecInput;
    const { hash: whole } = await killedRun(0, 0, spec);
    let hits = 0;
    for (let seed = 1; hits < Math.ceil(leastHits / 20); seed++) {
      const killed = await killedRun(2, seed, spec);
      expect(killed.hash, `seed ${seed}`).toBe(whole);
      hits += killed.hits;
    }
  },
);
