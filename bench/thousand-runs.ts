import { summaryOfLog } from "../src/lab/list-runs.ts";
import { parseSpec } from "../src/record/parse-spec.ts";
import { encodeRunEvent, type RunEvent } from "../src/record/run-event.ts";
import { openStore } from "../src/store/open-store.node.ts";

/** Of each run. */
export const points = 1000;
const stepsBetween = 45;

/** Appends at once: a log of this length has 250 kB. */
const together = 50;

/** Makes a store of so many runs that were measured so often each, and gives their ids. */
export async function makeRuns(folder: string, count: number, measurements = points): Promise<string[]> {
  const store = await openStore(folder);
  const ids = Array.from({ length: count }, (_, run) => `20261121T100000Z-bench-${String(run).padStart(6, "0")}`);
  for (let from = 0; from < count; from += together) {
    const appends = ids.slice(from, from + together).map((log, i) => ({
      ...{ log, kind: "run", at: 0 },
      entries: eventsOf(from + i, measurements).map(encodeRunEvent),
    }));
    await store.append(...appends);
    await store.summarise(appends.map(summaryOfLog));
  }
  await store.close();
  return ids;
}

function eventsOf(run: number, measurements: number): RunEvent[] {
  const steps = stepsBetween * (measurements - 1);
  const spec = parseSpec({
    name: `run ${run}`,
    seed: run,
    training: {
      steps,
      lambda: 10 ** (-5 + (run % 40) / 10),
      schedule: { kind: "triangular", min: 1e-5, max: 0.1, halfCycle: 900 },
    },
  });
  const started = {
    ...{ kind: "started", members: [spec], steps, stepsPerEpoch: 450, parameters: 154_160 },
    device: { name: "wasm", dtype: "f32", details: "made for the benchmark" },
    examples: { train: 45_000, validation: 5000, test: 10_000 },
  };
  return [
    { kind: "created", spec, data: [] },
    { kind: "opened", at: "2026-11-21T10:00:00.000Z", host: "bench", versions: {} },
    trained(started, 0),
    ...Array.from({ length: measurements }, (_, at) => measurementOf(run, at)),
    { kind: "closed", why: "interrupted", seconds: measurements / 20 },
  ];
}

function trained(event: object, seconds: number): RunEvent {
  return { kind: "trained", seconds, event } as RunEvent;
}

/** Of a curve that falls, and trembles as measured ones do. */
export function measurementOf(run: number, at: number): RunEvent {
  const tremble = Math.sin(at * 12.9898 + run) / 50;
  const metrics = (gap: number) => {
    const loss = 1.3 + gap + Math.exp(-at / 200) + tremble;
    return { loss, cost: loss + 0.1, accuracy: 0.55 - gap / 2 - Math.exp(-at / 200) / 2 - tremble / 3 };
  };
  const measurement = { step: at * stepsBetween, learningRate: 0.05, train: metrics(0), validation: metrics(0.1) };
  return trained({ kind: "measured", member: 0, measurement }, at / 20);
}
