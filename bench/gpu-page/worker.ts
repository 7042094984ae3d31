import type { Dataset } from "../../src/data/dataset.ts";
import type { Split } from "../../src/data/splits.ts";
import { Fault } from "../../src/fault/fault.ts";
import { createPageDevice } from "../../src/math/select.browser.ts";
import type { SpecInput } from "../../src/record/spec.ts";
import { train } from "../../src/train/train.ts";

/** One network, so many members, one device. */
export interface GpuRow {
  readonly network: string;
  readonly members: number;
  readonly device: string;
  /** Members times updates a second; what was refused says why in its place. */
  readonly result: string;
  readonly memberStepsPerSecond?: number;
}

/** Seconds that each is trained, at least. */
const SECONDS = 3;

const works: readonly (readonly [hidden: readonly number[], members: readonly number[], batch: number])[] = [
  [[50], [1, 8, 100, 1000], 100],
  [[50, 50, 50], [1, 100], 100],
  [[2000, 2000], [1, 4], 500],
];

function images(count: number): Dataset {
  const dimension = 3072;
  return {
    name: "noise",
    images: Uint8Array.from({ length: count * dimension }, (_, i) => (i * 151 + (i >> 7)) % 256),
    labels: Uint8Array.from({ length: count }, (_, i) => i % 10),
    count,
    dimension,
    classes: Array.from({ length: 10 }, (_, k) => String(k)),
  };
}

const data: Split = { train: images(5000), validation: images(10), test: images(10) };

async function measure(device: string, hidden: readonly number[], members: number, batch: number): Promise<number> {
  const spec = (seed: number): SpecInput => ({
    seed,
    device,
    dtype: "f32",
    network: { hidden: [...hidden] },
    training: { batch, steps: 1_000_000, schedule: { kind: "constant", rate: 0.001 }, lambda: 0.001 },
    evaluate: { every: "end", test: false },
  });
  const specs = Array.from({ length: members }, (_, at) => spec(at + 1));
  let began: { readonly time: number; readonly step: number } | undefined;
  let speed = Number.NaN;
  for await (const event of train(specs, data, { create: createPageDevice })) {
    if (event.kind !== "progress") continue;
    // What compiles does so in the first steps.
    began ??= { time: performance.now(), step: event.step };
    const seconds = (performance.now() - began.time) / 1000;
    if (seconds < SECONDS) continue;
    speed = (members * (event.step - began.step)) / seconds;
    break;
  }
  return speed;
}

async function run(): Promise<string> {
  for (const [hidden, populations, batch] of works) {
    for (const members of populations) {
      for (const device of ["wasm", "webgpu"]) {
        const network = `3072-${hidden.join("-")}-10`;
        try {
          const memberStepsPerSecond = await measure(device, hidden, members, batch);
          const result = `${Math.round(memberStepsPerSecond).toLocaleString("en-US")} member-steps a second`;
          postMessage({ network, members, device, result, memberStepsPerSecond } satisfies GpuRow);
        } catch (error) {
          if (!(error instanceof Fault)) throw error;
          postMessage({ network, members, device, result: error.complaint } satisfies GpuRow);
        }
      }
    }
  }
  const gpu = await createPageDevice("webgpu", "f32").catch((error: unknown) => error);
  const auto = await createPageDevice("auto");
  const name = gpu instanceof Error ? gpu.message : (gpu as { details: string }).details;
  return `GPU: ${name}. wasm: ${(await createPageDevice("wasm")).details}. auto: ${auto.name}. ${navigator.userAgent}`;
}

run().then(
  (end) => postMessage({ end }),
  (error: unknown) => postMessage({ end: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
);
