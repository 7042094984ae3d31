import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Hub, openHub } from "../../src/cluster/hub.ts";
import { openCoordinated, runStudyElsewhere } from "../../src/cluster/run-study-elsewhere.ts";
import { openStudy } from "../../src/lab/kept-studies.ts";
import { runStudy } from "../../src/lab/run-study.ts";
import { parseSearch, type SearchInput } from "../../src/search/search-document.ts";
import { createMemoryStore } from "../../src/store/memory-store.ts";
import { openPostgresStore } from "../../src/store/postgres-store.node.ts";
import { openTrainer } from "../../src/worker/train-in-thread.node.ts";
import { noPostgres, oneCore, serverFolder } from "../postgres.ts";
import { hashes } from "../searches.ts";

// Machines with a network between them, as far as one machine can have them: a hub with TLS, workers in network namespaces of their own
// (https://man7.org/linux/man-pages/man8/ip-netns.8.html), and a cable that is pulled.

const root = fileURLToPath(new URL("../..", import.meta.url));
const names = [2, 3].map((number) => ({
  number,
  space: `gradus-${process.pid}-${number}`,
  cable: `gr${process.pid % 1e6}-${number}`,
}));
const bridge = `grb${process.pid % 1e6}`;
const subnet = "10.231.77";

function ip(...words: string[]): void {
  const { status, stderr } = spawnSync("ip", words, { encoding: "utf8" });
  if (status !== 0) throw new Error(`ip ${words.join(" ")}: ${stderr}`);
}

function network(): void {
  ip("link", "add", bridge, "type", "bridge");
  ip("addr", "add", `${subnet}.1/24`, "dev", bridge);
  ip("link", "set", bridge, "up");
  for (const { number, space, cable } of names) {
    ip("netns", "add", space);
    ip("link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", space);
    ip("link", "set", cable, "master", bridge, "up");
    ip("-n", space, "addr", "add", `${subnet}.${number}/24`, "dev", "eth0");
    ip("-n", space, "link", "set", "eth0", "up");
  }
}

function dismantle(): void {
  for (const { space } of names) spawnSync("ip", ["netns", "del", space]);
  spawnSync("ip", ["link", "del", bridge]);
}

/** Why there are no namespaces here. */
const noNamespaces = ((): string | undefined => {
  if (process.getuid?.() !== 0) return "only root may make network namespaces";
  try {
    network();
    return undefined;
  } catch (error) {
    return `no network namespaces here: ${(error as Error).message}`;
  } finally {
    dismantle();
  }
})();
const reason = noPostgres ?? noNamespaces;
if (reason !== undefined) test.skip(`workers in network namespaces: ${reason}`);

const search: SearchInput = {
  name: "cables",
  spec: {
    device: "wasm",
    data: { limit: { train: 400, validation: 200, test: 200 } },
    network: { hidden: [8] },
    training: { batch: 50, schedule: { kind: "constant", rate: 0.05 }, epochs: 1500 },
    evaluate: { every: 800 },
  },
  vary: { "training.lambda": { kind: "log", low: 1e-4, high: 1 } },
  stages: [{ sampler: { kind: "random", trials: 4 } }],
};

const folder = serverFolder();
const children: ChildProcess[] = [];
let hub: Hub | undefined;
beforeAll(() => {
  if (reason === undefined) network();
});
afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  await hub?.stop();
  if (reason === undefined) dismantle();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** A worker on a machine of its own, and what it says. */
function worker(place: number, address: string): { said: () => string } {
  const program = [
    ...oneCore(place),
    process.execPath,
    "src/cli/main.ts",
    "worker",
    "--quiet",
    "--checkpoint-seconds",
    "1",
  ];
  const child = spawn("ip", ["netns", "exec", names[place].space, ...program], {
    cwd: root,
    env: { ...process.env, GRADUS_STORE: address },
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (more: string) => {
    text += more;
  });
  return { said: () => text };
}

test.skipIf(reason !== undefined)(
  "two workers reach a hub by TLS; the cable of one is pulled at work: the other goes on with its pack, and what it says later is refused",
  async () => {
    hub = await openHub({ folder, host: `${subnet}.1`, port: 54_329 });
    expect(hub.address).toMatch(/@10\.231\.77\.1:54329\/gradus\?fingerprint=[0-9a-f]{64}$/);
    const store = await openPostgresStore(hub.address);
    const over = new AbortController();
    const study = await openCoordinated(store, parseSearch(search));
    const run = runStudyElsewhere(store, study, { packSize: 2, signal: over.signal });
    try {
      const [first, second] = [worker(0, hub.address), worker(1, hub.address)];
      const until = async (isSo: () => boolean) => {
        while (!isSo()) await pause(100);
      };
      await until(() => [first, second].every(({ said }) => said().includes("began")));
      // Not before it has kept a checkpoint.
      const [, trial] = /began cables, trials (\d+)/.exec(first.said()) ?? [];
      const kept = () => store.database.all("SELECT FROM gradus.progress WHERE run = $1", [`${trial}/0/`]);
      while ((await kept()).length === 0) await pause(100);
      ip("-n", names[0].space, "link", "set", "eth0", "down");
      const cutAt = performance.now();
      await until(() => /began .*, attempt 2/.test(second.said()));
      console.log(`begun again ${((performance.now() - cutAt) / 1000).toFixed(1)} s after the cut`);
      const state = await run;
      expect(second.said()).toMatch(/goes on after update \d+/);
      expect(first.said()).not.toMatch(/^done/m);
      ip("-n", names[0].space, "link", "set", "eth0", "up");
      await until(() => first.said().includes("is another worker's by now"));

      const trainer = openTrainer();
      const memory = createMemoryStore();
      const alone = await runStudy(memory, await openStudy(memory, parseSearch(search)), { train: trainer.train });
      await trainer.close();
      expect(hashes(state)).toEqual(hashes(alone));
      const ended = (await store.read("study-cables")).filter((entry) => entry.includes('"kind":"ended"'));
      expect(ended).toHaveLength(4);
    } finally {
      over.abort();
      await run.catch(() => {});
      await store.close();
    }
  },
  600_000,
);
