import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { sha256 } from "../src/files/sha256.ts";
import { readRun } from "../src/lab/kept-runs.ts";
import { listRuns } from "../src/lab/list-runs.ts";
import { stream } from "../src/math/random/stream.ts";
import type { KeptRun } from "../src/record/run-record.ts";
import type { SpecInput } from "../src/record/spec.ts";
import { openStore } from "../src/store/open-store.node.ts";
import { temporaryFolder } from "./run-gradus.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Everything that a step can remember of those before it, in about half a second of training. */
export const longRun: SpecInput = {
  name: "killed",
  device: "wasm",
  data: { order: "permuted", limit: { train: 2000, validation: 500, test: 500 } },
  network: { hidden: [30, 20], batchNorm: {}, dropout: 0.1 },
  training: {
    batch: 50,
    lambda: 0.001,
    schedule: { kind: "step-decay", rate: 0.05, factor: 0.95 },
    update: { kind: "momentum", rho: 0.9 },
    epochs: 15,
  },
  evaluate: { every: 30 },
};

/** What must not depend on how often a run was killed. */
async function outcomeHash({ training, checkpoints, model }: KeptRun): Promise<string> {
  const { series, final, weightsSha256 } = training ?? {};
  // The last checkpoint's id is the hash of weights, velocities, averages and position.
  const state = { series, final, weightsSha256, optimiser: checkpoints.at(-1)?.artifact, model: model?.artifact };
  return await sha256(new TextEncoder().encode(JSON.stringify(state)));
}

/** Surroundings in which no C compiler is found, so that `auto` is `wasm`. */
export const withoutCompiler = { GRADUS_CC: "/no/compiler" };

/**
 * Trains a run to its end, killing its process `kills` times at moments that `seed` decides, and resuming it after
 * each in the surroundings that `env` has for it. Returns what it came to, and how many kills hit a process that was training.
 */
export async function killedRun(
  kills: number,
  seed: number,
  spec = longRun,
  env: (session: number) => NodeJS.ProcessEnv = (session) => ({ GRADUS_THREADS: String(1 + (session % 2)) }),
): Promise<{ hash: string; hits: number }> {
  const { folder, remove } = temporaryFolder();
  try {
    const file = join(folder, "spec.json");
    writeFileSync(file, JSON.stringify(spec));
    const moments = stream(seed, "kill").uniform(0, 1, kills);
    const rhythm = ["--checkpoint-every", String(1 + Math.floor(40 * stream(seed, "rhythm").uniform(0, 1, 1)[0]))];
    let hits = 0;
    for (let session = 0; ; session++) {
      const [run] = await runsIn(folder);
      if (run?.state === "finished") return { hash: await outcomeHash(run), hits };
      const command = run === undefined ? ["train", file] : ["resume", run.id];
      const child = spawn(process.execPath, ["src/cli/main.ts", ...command, ...rhythm], {
        cwd: root,
        env: {
          NODE_COMPILE_CACHE: join(root, "build/compile-cache"),
          ...process.env,
          ...env(session),
          GRADUS_STORE: folder,
        },
        stdio: ["ignore", "ignore", "pipe"],
      });
      let stderr = "";
      let isTraining = false;
      const trains = new Promise<void>((resolve) => {
        child.stderr.setEncoding("utf8").on("data", (text: string) => {
          stderr += text;
          if (!/^step \d/m.test(stderr)) return;
          isTraining = true;
          resolve();
        });
      });
      const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
      if (session < kills) {
        // One in four before it trains; the others from its first step, however long a machine takes to come there.
        const moment = moments[session];
        const limit = new AbortController();
        const wait = (milliseconds: number) => pause(milliseconds, undefined, { signal: limit.signal });
        await Promise.race([
          ended,
          moment < 0.25 ? wait(2000 * moment) : trains.then(() => wait(400 * (moment - 0.25))),
        ]);
        limit.abort();
        if (child.exitCode === null && isTraining) hits += 1;
        child.kill("SIGKILL");
      }
      const code = await ended;
      if (code !== 0 && child.signalCode !== "SIGKILL") throw new Error(`exit code ${code}: ${stderr}`);
    }
  } finally {
    remove();
  }
}

async function runsIn(folder: string): Promise<readonly KeptRun[]> {
  const store = await openStore(folder);
  try {
    const { runs, unreadable } = await listRuns(store);
    if (unreadable.length > 0) throw unreadable[0];
    if ((await store.maintenance.integrity()).length > 0)
      throw new Error((await store.maintenance.integrity()).join("; "));
    return await Promise.all(runs.map(({ id }) => readRun(store, id)));
  } finally {
    await store.close();
  }
}
