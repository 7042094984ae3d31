import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { postgresPrograms } from "../../src/cluster/postgres-programs.ts";
import { initialise, localAddress, startServer, stopServer } from "../../src/cluster/private-postgres.ts";
import { openCoordinated, runStudyElsewhere } from "../../src/cluster/run-study-elsewhere.ts";
import { type WorkEvent, work } from "../../src/cluster/work.ts";
import { openStudy } from "../../src/lab/kept-studies.ts";
import { runStudy } from "../../src/lab/run-study.ts";
import { parseSearch, type SearchInput } from "../../src/search/search-document.ts";
import { createMemoryStore } from "../../src/store/memory-store.ts";
import { openStore } from "../../src/store/open-store.node.ts";
import { shownAddress } from "../../src/store/postgres-address.node.ts";
import { openPostgresStore } from "../../src/store/postgres-store.node.ts";
import { openTrainer } from "../../src/worker/train-in-thread.node.ts";
import type { Trainer } from "../../src/worker/trainer.ts";
import { ask, newDatabase, noPostgres, serverFolder } from "../postgres.ts";
import { expectRefusal, gradus, temporaryFolder } from "../run-gradus.ts";
import { hashes } from "../searches.ts";

// Databases that are not as they should be, under every command that needs one: one clear error, and nothing lost.

const { folder: files, remove } = temporaryFolder();
afterAll(remove);

const search: SearchInput = {
  name: "faults",
  spec: {
    device: "wasm",
    data: { limit: { train: 400, validation: 200, test: 200 } },
    network: { hidden: [8] },
    training: { batch: 50, schedule: { kind: "constant", rate: 0.05 }, epochs: 60 },
  },
  vary: { "training.lambda": { kind: "log", low: 1e-4, high: 1 } },
  stages: [{ sampler: { kind: "random", trials: 8 } }],
};
const document = join(files, "search.json");
writeFileSync(document, JSON.stringify(search));

const needing = {
  runs: ["runs"],
  search: ["search", document],
  worker: ["worker", "--idle-exit", "1"],
  workers: ["workers"],
};

async function refusedEverywhere(address: string, commands: readonly string[][], complaint: RegExp, remedy: RegExp) {
  for (const command of commands) {
    const refusal = { code: "store", place: shownAddress(address), complaint, remedy } as const;
    await expectRefusal([...command, "--store", address], refusal);
  }
}

describe.skipIf(noPostgres !== undefined)("a database that is not as it should be", () => {
  const changed = (address: string, change: Partial<Record<"password" | "pathname" | "port", string>>) =>
    Object.assign(new URL(address), change).href;

  test("unreachable, with a wrong password, or with none of that name: each command says so and ends", async () => {
    const address = await newDatabase();
    const all = Object.values(needing);
    await refusedEverywhere(changed(address, { password: "hush" }), all, /the password is wrong/, /PGPASSWORD/);
    await refusedEverywhere(changed(address, { pathname: "/nowhere" }), all, /no such database/, /createdb/);
    // A worker waits for half a minute: it may be started with the database.
    await refusedEverywhere(changed(address, { port: "1" }), all, /it does not answer/, /gradus hub/);
  });

  test("of a newer Gradus or another program, each command says so; of an older one, each goes on", async () => {
    const newer = await newDatabase();
    await (await openStore(newer)).close();
    await ask(newer, "UPDATE gradus.version SET version = 99");
    await refusedEverywhere(newer, Object.values(needing), /version 99 of a newer Gradus/, /newer/);
    const other = await newDatabase();
    await ask(other, "CREATE SCHEMA gradus; CREATE TABLE gradus.mine (a int)");
    await refusedEverywhere(other, Object.values(needing), /another program's/, /another database/);
    const older = await newDatabase();
    await (await openStore(older)).close();
    await ask(
      older,
      "DROP TABLE gradus.worker, gradus.pack, gradus.progress, gradus.mark; UPDATE gradus.version SET version = 1",
    );
    for (const command of [needing.runs, needing.worker, needing.workers]) {
      expect(await gradus([...command, "--store", older])).toMatchObject({ exitCode: 0 });
    }
  });

  test("that can only be read: lists are shown, and what would write says so", async () => {
    const address = await newDatabase();
    await (await openStore(address)).close();
    const name = new URL(address).pathname.slice(1);
    await ask(address, `ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    for (const command of [needing.runs, needing.workers]) {
      expect(await gradus([...command, "--store", address])).toMatchObject({ exitCode: 0 });
    }
    await refusedEverywhere(address, [needing.search, needing.worker], /it can only be read/, /primary server/);
  });

  test("of two coordinators of one study the second waits, and is refused; the first goes on", async () => {
    const address = await newDatabase();
    const first = spawn(process.execPath, ["src/cli/main.ts", "search", document, "--store", address], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    for await (const text of first.stdout) if (/no worker is there/.test(String(text))) break;
    await expectRefusal(["search", document, "--store", address], {
      code: "store",
      place: "faults",
      complaint: /another process searches/,
      remedy: /--name/,
    });
    expect(first.exitCode).toBeNull();
    first.kill("SIGKILL");
    expect((await ask(address, "SELECT FROM gradus.pack")).length).toBeGreaterThan(0);
  });
});

describe.skipIf(noPostgres !== undefined)("a database that fails at work", () => {
  const folder = serverFolder();
  let trainer: Trainer;
  let port: number;
  let address: string;
  beforeAll(async () => {
    const programs = postgresPrograms();
    await initialise({ programs, folder });
    const server = await startServer({ programs, folder, host: "127.0.0.1" });
    address = localAddress(server);
    ({ port } = server);
    trainer = openTrainer();
  });
  afterAll(async () => {
    await trainer.close();
    await stopServer(folder, "immediate");
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  test("torn down and started again within a transaction whose number another has by then: done once", async () => {
    const store = await openPostgresStore(address);
    const again = async () => {
      await stopServer(folder, "immediate");
      await startServer({ programs: postgresPrograms(), folder, port, host: "127.0.0.1" });
    };
    let tries = 0;
    // Everything before is written down.
    await ask(address, "CHECKPOINT");
    const write = await store.prepare({ log: "torn", kind: "run", at: 0, entries: ["a", "b"] });
    await store.database.transaction(async (on) => {
      tries += 1;
      await write(on);
      if (tries > 1) return;
      await again();
      // What the server had not written down is given again: a transaction of another with the same number is committed.
      const others = "FOR i IN 1..50 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP";
      await ask(address, `DO $$ BEGIN ${others}; END $$`);
    });
    expect(tries).toBe(2);
    await again();
    expect(await store.read("torn")).toEqual(["a", "b"]);
    expect(await store.changed()).toBe(1);
    await store.close();
  });

  const isRoot = process.getuid?.() === 0 && spawnSync("mount", ["--version"]).status === 0;
  if (!isRoot) test.skip("full: only root may mount a small file system for it");

  test.skipIf(!isRoot)("full: a worker says so and ends; with space again the search ends as undisturbed", async () => {
    const small = join(folder, "small");
    mkdirSync(small);
    const owner = ["-u", "-g"].map((flag) => spawnSync("id", [flag, "postgres"], { encoding: "utf8" }).stdout.trim());
    const [uid, gid] = owner.map((id) => id || "65534");
    const options = `size=40m,mode=0700,uid=${uid},gid=${gid}`;
    expect(spawnSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", small]).status).toBe(0);
    try {
      await ask(address, `CREATE TABLESPACE small LOCATION '${small}'`);
      await ask(address, "CREATE DATABASE small TABLESPACE small");
      const within = changedPath(address, "/small");
      const store = await openPostgresStore(within);
      const filler = join(small, "filler");
      const study = await openCoordinated(store, parseSearch(search));
      const over = new AbortController();
      const coordinated = runStudyElsewhere(store, study, { packSize: 8 }).finally(() => over.abort());
      const working = async (listen: (event: WorkEvent) => void = () => {}) =>
        await work(store, { signal: over.signal, train: trainer.train, listen });
      const refused = working(({ kind }) => {
        if (kind === "began") spawnSync("dd", ["if=/dev/zero", `of=${filler}`, "bs=64k"]);
      });
      await expect(refused).rejects.toMatchObject({
        code: "store",
        message: /the server's disk is full/,
        remedy: /free/,
      });
      rmSync(filler);
      // As if the lease of whoever has it had ended.
      await ask(within, "UPDATE gradus_queue.job SET heartbeat_on = now() - interval '1 hour' WHERE state = 'active'");
      await working();
      const memory = createMemoryStore();
      const alone = await runStudy(memory, await openStudy(memory, parseSearch(search)), { train: trainer.train });
      expect(hashes(await coordinated)).toEqual(hashes(alone));
      expect(await store.maintenance.integrity()).toEqual([]);
      await store.close();
    } finally {
      await stopServer(folder, "immediate");
      spawnSync("umount", [small]);
    }
  });
});

function changedPath(address: string, pathname: string): string {
  return Object.assign(new URL(address), { pathname }).href;
}
