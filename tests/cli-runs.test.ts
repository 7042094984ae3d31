import { spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exitCodes } from "../src/cli/exit-code.ts";
import { openStore } from "../src/store/open-store.node.ts";
import { expectRefusal, gradus, gradusJson, temporaryFolder } from "./run-gradus.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const { folder, remove } = temporaryFolder();
afterAll(remove);

/** Learns in a fraction of a second. */
const quick = {
  name: "quick",
  device: "wasm",
  data: { limit: { train: 500, validation: 200, test: 200 } },
  network: { hidden: [10] },
  training: { batch: 50, schedule: { kind: "constant", rate: 0.05 }, epochs: 4 },
};
const spec = join(folder, "quick.json");
writeFileSync(spec, JSON.stringify(quick));

/** The same, without an end that anyone would wait for. */
const endless = join(folder, "endless.json");
writeFileSync(endless, JSON.stringify({ ...quick, name: "endless", training: { ...quick.training, epochs: 100_000 } }));

let stores = 0;
const newStore = () => ({ env: { GRADUS_STORE: join(folder, `store-${stores++}`) } });

/** Trains without an end in a process of its own, until `enough` updates are known of; then `work` is done. */
async function whileTraining(
  options: ReturnType<typeof newStore>,
  work: (id: string, kill: (signal: NodeJS.Signals) => Promise<string>) => Promise<void>,
) {
  const child = spawn(process.execPath, ["src/cli/main.ts", "train", endless, "--checkpoint-every", "10"], {
    cwd: root,
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const ended = new Promise<string>((resolve) => child.on("close", () => resolve(stderr)));
  const kill = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    return await ended;
  };
  try {
    for (;;) {
      const { stdout } = await gradus(["runs", "--json"], options);
      const [run] = JSON.parse(stdout).runs ?? [];
      if (run?.checkpoints.length > 1 && run.training.step > 0) {
        await work(run.run, kill);
        return;
      }
      await pause(50);
    }
  } finally {
    await kill("SIGKILL");
  }
}

describe("a store with three runs", () => {
  const options = newStore();
  const readEntries = async (id: string) => {
    const store = await openStore(options.env.GRADUS_STORE);
    const entries = await store.read(id);
    await store.close();
    return entries;
  };
  const ids: string[] = [];
  beforeAll(async () => {
    for (const changes of [[], ["--seed", "2"], ["--set", "training.lambda=0.1"]]) {
      ids.push((await gradusJson(["train", spec, ...changes], options)).run);
    }
  });

  test("lists them, oldest first, and filters", async () => {
    const { runs } = await gradusJson(["runs"], options);
    expect(runs.map(({ run }: { run: string }) => run)).toEqual(ids);
    expect(runs[0]).toMatchObject({ name: "quick", state: "finished", training: { step: 40, steps: 40 } });
    const { stdout } = await gradus(["runs"], options);
    expect(stdout).toMatch(/^3 runs in /);
    for (const id of ids) {
      expect(stdout).toMatch(
        new RegExp(`^${id.slice(-6)} +\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d +quick +finished +40 `, "m"),
      );
    }
    expect((await gradusJson(["runs", "--last", "1"], options)).runs).toHaveLength(1);
    expect((await gradusJson(["runs", "--state", "running"], options)).runs).toEqual([]);
    expect((await gradusJson(["runs", "--name", "other"], options)).runs).toEqual([]);
  });

  test("lists what was begun for something else while it runs, and counts it when it does not", async () => {
    const env = { GRADUS_STORE: join(folder, "purposes") };
    const store = await openStore(env.GRADUS_STORE);
    const entries = (await readEntries(ids[0])).slice(0, -1);
    for (const [i, purpose] of ["replication", "replication", "overfit"].entries()) {
      const [first, ...rest] = entries.map((entry) => entry.replace('"created"', `"created","purpose":"${purpose}"`));
      await store.append({ log: `other-${i}`, kind: "run", at: 0, entries: [first, ...rest] });
    }
    const claim = await store.claim("other-1");
    const { stdout } = await gradus(["runs"], { env });
    expect(stdout).toMatch(/^1 run in /);
    expect(stdout).toMatch(/^\S+ .* running /m);
    expect(stdout).toContain("2 more, begun for replication, overfit: --all lists them");
    expect((await gradusJson(["runs"], { env })).runs).toMatchObject([{ run: "other-1", state: "running" }]);
    expect((await gradusJson(["runs", "--purpose", "overfit"], { env })).runs).toMatchObject([{ run: "other-2" }]);
    await claim?.release();
    await store.close();
    expect((await gradusJson(["runs"], { env })).runs).toEqual([]);
    expect((await gradus(["runs", "--all"], { env })).stdout).not.toContain("more, begun for");
  });

  test("shows one, by the beginning or end of its id", async () => {
    const shown = await gradusJson(["show", ids[1].slice(-6)], options);
    expect(shown).toMatchObject({ run: ids[1], spec: { seed: 2 }, sessions: 1, training: { state: "finished" } });
    expect(shown.training.series).toHaveLength(5);
    expect((await gradusJson(["show", "latest"], options)).run).toBe(ids[2]);
    const { stdout } = await gradus(["show", ids[0]], options);
    expect(stdout).toMatch(/training\.schedule\.rate +0\.05/);
    expect(stdout).toMatch(/Results after 40 updates/);
    await expectRefusal(
      ["show", "2026"],
      { code: "usage", place: "2026", complaint: /means 3 runs/, remedy: /more of the id/ },
      options,
    );
    await expectRefusal(
      ["show", ""],
      { code: "usage", place: '""', complaint: /no such run/, remedy: /gradus runs/ },
      options,
    );
  });

  test("compares them: only what differs, seeds taken together, every number with an interval", async () => {
    const { compared } = await gradusJson(["compare", ...ids], options);
    expect(compared.map(({ settings }: { settings: object }) => settings)).toEqual([
      { "training.lambda": 0 },
      { "training.lambda": 0.1 },
    ]);
    expect(compared[0].runs).toEqual(ids.slice(0, 2));
    for (const { testAccuracy, runs } of compared) {
      expect(testAccuracy.n).toBe(runs.length);
      expect(testAccuracy.low).toBeLessThan(testAccuracy.mean);
      expect(testAccuracy.high).toBeGreaterThan(testAccuracy.mean);
    }
    expect(compared[0]).toMatchObject({ seeds: [1, 2], repeats: [] });
    expect(compared[1].trainAccuracy).toEqual({ mean: expect.any(Number), n: 1 });
    const { stdout } = await gradus(["compare", ids[0], ids[2]], options);
    expect(stdout).toMatch(/training\.lambda +0 +0\.1\n/);
    expect(stdout).not.toMatch(/hidden/);
    await expectRefusal(
      ["compare", ids[0], ids[0]],
      { code: "usage", place: "compare", complaint: /only one/, remedy: /two/ },
      options,
    );
  });

  test("tests models against each other on the same images", async () => {
    const { paired } = await gradusJson(["compare", ids[0], ids[1], ids[2], "--paired"], options);
    expect(paired.map(({ run }: { run: string }) => run)).toEqual(ids.slice(1));
    const accuracies = await Promise.all(
      ids.map(async (id) => (await gradusJson(["show", id], options)).training.final.test.accuracy),
    );
    for (const [i, { difference, low, high, onlyFirst, onlySecond, n, p }] of paired.entries()) {
      expect(n).toBe(200);
      expect(difference).toBeCloseTo(accuracies[i + 1] - accuracies[0], 10);
      expect((onlySecond - onlyFirst) / n).toBeCloseTo(difference, 10);
      expect(low).toBeLessThanOrEqual(difference);
      expect(high).toBeGreaterThanOrEqual(difference);
      expect(p).toBeGreaterThan(0);
    }
    const { stdout } = await gradus(["compare", ids[0], ids[1], "--paired"], options);
    expect(stdout).toMatch(new RegExp(`^${ids[1]} +\\d+ +\\d+ +[+-]?\\d`, "m"));
    const stranger = await gradusJson(["train", spec, "--set", "data.limit.test=100"], options);
    const complaint = /is not tested on the images of/;
    for (const flag of ["--paired", "--ensemble"]) {
      const refusal = { code: "usage", place: flag, complaint, remedy: /limit\.test/ } as const;
      await expectRefusal(["compare", ids[0], stranger.run, flag], refusal, options);
    }
    await gradusJson(["rm", stranger.run], options);
  });

  test("asks models together on the same images", async () => {
    const { ensemble } = await gradusJson(["compare", ...ids, "--ensemble"], options);
    const accuracies = await Promise.all(
      ids.map(async (id) => (await gradusJson(["show", id], options)).training.final.test.accuracy),
    );
    const members = ids.map((run, i) => ({ run, accuracy: expect.closeTo(accuracies[i], 10), n: 200 }));
    expect(ensemble.members).toMatchObject(members);
    for (const { accuracy, low, high } of [ensemble.mean, ensemble.vote]) {
      expect(low).toBeLessThan(accuracy);
      expect(high).toBeGreaterThan(accuracy);
      expect(accuracy * 200).toBeCloseTo(Math.round(accuracy * 200), 8);
    }
    const { stdout } = await gradus(["compare", ids[0], ids[1], "--ensemble"], options);
    expect(stdout).toMatch(/^majority vote +\d+\.\d\d +\d+\.\d\d to \d+\.\d\d$/m);
  });

  test("labels them, and finds them by their labels", async () => {
    await gradusJson(["tag", ids[0], "base", "good"], options);
    await gradusJson(["tag", ids[2], "base"], options);
    const { tags, name, notes } = await gradusJson(
      ["tag", ids[0], "--remove", "good", "--name", "the first", "--notes", "to be defended"],
      options,
    );
    expect({ tags, name, notes }).toEqual({ tags: ["base"], name: "the first", notes: "to be defended" });
    const { runs } = await gradusJson(["runs", "--tag", "base"], options);
    expect(runs.map(({ run }: { run: string }) => run)).toEqual([ids[0], ids[2]]);
    expect((await gradusJson(["compare", "--tag", "base"], options)).compared).toHaveLength(2);
    await gradusJson(["tag", ids[1], "other"], options);
    const { compared } = await gradusJson(["compare", "--tag", "base", "--tag", "other"], options);
    expect(compared.flatMap((group: { runs: unknown[] }) => group.runs)).toHaveLength(3);
    await gradusJson(["tag", ids[1], "--remove", "other"], options);
    await expectRefusal(
      ["tag", ids[0], "a b"],
      { code: "usage", place: "tag", complaint: /no tag/, remedy: /letters/ },
      options,
    );
    await expectRefusal(
      ["tag", ids[0]],
      { code: "usage", place: "tag", complaint: /nothing/, remedy: /give tags/ },
      options,
    );
  });

  test("a run travels as one file, and arrives the same or not at all", async () => {
    const [file, otherStore] = [join(folder, "run.gradus"), newStore()];
    await gradusJson(["export", ids[1], "--out", file], options);
    expect((await gradusJson(["import", file], otherStore)).imported).toEqual([
      { file, run: ids[1], isNew: true, was: "new" },
    ]);
    expect((await gradusJson(["import", file], otherStore)).imported[0].isNew).toBe(false);
    expect(await gradusJson(["show", "latest"], otherStore)).toEqual(await gradusJson(["show", ids[1]], options));
    // It can be trained on where it arrived.
    const longer = ["--fork", "--set", "training.epochs=5"];
    expect((await gradusJson(["resume", "latest", ...longer], otherStore)).steps).toBe(50);

    const bytes = readFileSync(file);
    for (const at of [3, 200, bytes.length >> 1, bytes.length - 1]) {
      const damaged = Buffer.from(bytes);
      damaged[at] ^= 16;
      writeFileSync(join(folder, "damaged.gradus"), damaged);
      const place = join(folder, "damaged.gradus");
      await expectRefusal(["import", place], { code: "data", place, complaint: "", remedy: /take|give/ }, otherStore);
    }
    // Where either has grown since, what it has become is kept.
    await gradusJson(["tag", ids[1], "grown"], options);
    await gradusJson(["export", ids[1], "--out", file], options);
    expect((await gradusJson(["import", file], otherStore)).imported[0]).toMatchObject({ was: "grown", isNew: false });
    expect((await gradusJson(["show", ids[1]], otherStore)).tags).toEqual(["grown"]);
    await gradusJson(["tag", ids[1], "further"], otherStore);
    expect((await gradusJson(["import", file], otherStore)).imported[0].was).toBe("ahead");
    await gradusJson(["tag", ids[1], "--remove", "grown"], options);
    await gradusJson(["export", ids[1], "--out", file], options);
    const complaint = /is kept here already, and differs/;
    await expectRefusal(["import", file], { code: "store", place: ids[1], complaint, remedy: /gradus rm/ }, otherStore);
  });

  test("its models go out, and reports are written from it", async () => {
    for (const name of ["model.onnx", "model.npz", "model.safetensors"]) {
      expect((await gradusJson(["export", ids[0], "--out", join(folder, name)], options)).bytes).toBeGreaterThan(
        100_000,
      );
    }
    await gradusJson(["report", ids[0], "--out", join(folder, "report.html")], options);
    const report = readFileSync(join(folder, "report.html"), "utf8");
    for (const text of [ids[0], "Gradient check: every parameter agrees"]) expect(report).toContain(text);
    const missing = {
      code: "usage",
      place: "nothing.json",
      complaint: /no such file, and no such run/,
      remedy: /--record/,
    } as const;
    await expectRefusal(["report", "nothing.json"], missing, options);
  });

  test("resume refuses a run that has ended or would become another, and a fork is a run of its own", async () => {
    const ended = { code: "store", place: ids[0], complaint: /has ended: finished/, remedy: /--fork/ } as const;
    await expectRefusal(["resume", ids[0]], ended, options);
    const complaint = /would not be the same run: training\.lambda was 0, is 0\.5; training\.epochs was 4, is 6/;
    const changed = ["--set", "training.lambda=0.5", "--set", "training.epochs=6"];
    await expectRefusal(
      ["resume", ids[0], ...changed],
      { code: "spec", place: ids[0], complaint, remedy: /--fork/ },
      options,
    );
    const fork = await gradusJson(["resume", ids[0], "--fork", ...changed], options);
    const shown = await gradusJson(["show", fork.run], options);
    expect(shown).toMatchObject({ fork: { run: ids[0], step: 40 }, spec: { training: { lambda: 0.5 } } });
    expect(shown.training.series.map(({ step }: { step: number }) => step)).toEqual([50, 60]);
    const wider = ["--fork", "--set", "network.hidden=[11]"];
    await expectRefusal(
      ["resume", ids[0], ...wider],
      { code: "spec", place: "network.hidden", complaint: /the checkpoint's network has \[10\]/, remedy: /as it was/ },
      options,
    );
  });

  test("is sound, is backed up, and damage is named and mended", async () => {
    const backup = join(folder, "backup.sqlite");
    expect(await gradusJson(["doctor", "--backup", backup], options)).toMatchObject({ findings: [], backup });
    // A shell's limit on the size of files: writing beyond it fails as a disk does.
    const through = ["bash", "-c", 'ulimit -f 60; trap "" XFSZ; exec "$@"', "bash"];
    const small = join(folder, "full.sqlite");
    const full = {
      code: "output",
      place: "--backup",
      complaint: `${small} cannot be written`,
      remedy: /nothing was left/,
    } as const;
    if (process.platform !== "win32") {
      await expectRefusal(["doctor", "--backup", small], full, { ...options, through });
      expect(readdirSync(folder).filter((name) => name.includes("full.sqlite"))).toEqual([]);
    }
    const file = join(options.env.GRADUS_STORE, "runs.sqlite");
    const database = new DatabaseSync(file);
    database.exec(`UPDATE piece SET bytes = zeroblob(100) WHERE rowid = 1;
      UPDATE entry SET body = replace(body, '0.05', '0.06') WHERE run = '${ids[2]}' AND position = 5`);
    database.close();
    const { exitCode, stdout } = await gradus(["doctor", "--json"], options);
    expect(exitCode).toBe(exitCodes.store);
    const { findings } = JSON.parse(stdout);
    expect(findings.map(({ what }: { what: string }) => what).sort()).toEqual([
      expect.stringMatching(/entry 5 of its log cannot be read/),
      expect.stringMatching(/the bytes [0-9a-f]{12} of run .* are damaged/),
    ]);
    const complaint = new RegExp(`entry 5 of run ${ids[2]} is damaged`);
    const refusal = { code: "store", place: file, complaint, remedy: /doctor --repair/ } as const;
    await expectRefusal(["show", ids[2]], refusal, options);

    await gradusJson(["doctor", "--repair"], options);
    expect((await gradusJson(["doctor"], options)).findings).toEqual([]);
    expect(readdirSync(options.env.GRADUS_STORE).filter((name) => name.includes(".damaged."))).toHaveLength(1);
    // A measurement is lost, and nothing else; the numbers that remain are those that were.
    const repaired = await gradusJson(["show", ids[2]], options);
    const copy = newStore();
    mkdirSync(copy.env.GRADUS_STORE);
    copyFileSync(backup, join(copy.env.GRADUS_STORE, "runs.sqlite"));
    const { training } = await gradusJson(["show", ids[2]], copy);
    const { final, weightsSha256, series } = training;
    expect(repaired).toMatchObject({ state: "finished", lost: 1, training: { final, weightsSha256 } });
    expect(repaired.training.series).toHaveLength(series.length - 1);
    expect(series).toEqual(expect.arrayContaining(repaired.training.series));
  });

  test("removes runs, all that are named or none", async () => {
    const wrong = { code: "usage", place: "nothing", complaint: /no such run/, remedy: /gradus runs/ } as const;
    await expectRefusal(["rm", ids[1], "nothing"], wrong, options);
    expect((await gradusJson(["rm", ids[1], ids[1]], options)).removed).toEqual([ids[1]]);
    const { runs } = await gradusJson(["runs"], options);
    expect(runs.map(({ run }: { run: string }) => run)).not.toContain(ids[1]);
  });
});

test("nothing is made where there is nothing, and --no-store keeps nothing", async () => {
  const options = newStore();
  const place = options.env.GRADUS_STORE;
  expect(await gradusJson(["runs"], options)).toEqual({ store: place, runs: [], unreadable: [] });
  for (const command of [["show", "latest"], ["rm", "x"], ["doctor"], ["compare", "a", "b"]]) {
    await expectRefusal(
      command,
      { code: "store", place, complaint: /no runs are kept here/, remedy: /GRADUS_STORE/ },
      options,
    );
  }
  await gradusJson(["train", spec, "--no-store"], options);
  expect(existsSync(place)).toBe(false);
  const both = ["train", spec, "--no-store", "--checkpoint-every", "5"];
  await expectRefusal(
    both,
    { code: "usage", place: "--checkpoint-every", complaint: /no store/, remedy: /one of the two/ },
    options,
  );
});

test("a store that cannot be made is refused before anything is trained", async () => {
  const file = join(folder, "a-file");
  writeFileSync(file, "");
  const env = { GRADUS_STORE: join(file, "store") };
  await expectRefusal(
    ["train", spec],
    { code: "store", place: env.GRADUS_STORE, complaint: "", remedy: /GRADUS_STORE/ },
    { env },
  );
});

describe.skipIf(process.platform === "win32")("while a run is being trained", () => {
  test("another process sees it, may label it, and may neither resume nor remove it; killed, it is interrupted", async () => {
    const options = newStore();
    await whileTraining(options, async (id, kill) => {
      const [first] = (await gradusJson(["runs"], options)).runs;
      expect(first).toMatchObject({ run: id, state: "running" });
      await gradusJson(["tag", id, "watched"], options);
      await expectRefusal(
        ["resume", id],
        { code: "store", place: id, complaint: /another process/, remedy: /wait/ },
        options,
      );
      await expectRefusal(
        ["rm", id],
        { code: "store", place: id, complaint: /nothing was removed/, remedy: /end/ },
        options,
      );
      for (;;) {
        const [now] = (await gradusJson(["runs"], options)).runs;
        if (now.training.step > first.training.step) break;
        await pause(100);
      }
      await kill("SIGKILL");
      const [left] = (await gradusJson(["runs", "--state", "interrupted"], options)).runs;
      expect(left).toMatchObject({ run: id, tags: ["watched"] });
      // It can be brought to an end, or removed.
      const complaint = /training\.epochs was 100000, is 1/;
      const shorter = ["resume", id, "--set", "training.epochs=1"];
      await expectRefusal(shorter, { code: "spec", place: id, complaint, remedy: /--fork/ }, options);
      await gradusJson(["rm", id], options);
      expect((await gradusJson(["runs"], options)).runs).toEqual([]);
    });
  });

  test("Ctrl-C leaves a checkpoint, and says how to go on", async () => {
    const options = newStore();
    await whileTraining(options, async (id, kill) => {
      const stderr = await kill("SIGINT");
      expect(stderr).toContain(`gradus resume ${id}\` goes on`);
      const run = await gradusJson(["show", id], options);
      expect(run.state).toBe("interrupted");
      expect(run.checkpoints.at(-1).step).toBeGreaterThanOrEqual(run.training.step);
    });
  });
});

test("a damaged checkpoint is passed over, and the end is the same", async () => {
  const options = newStore();
  const place = newStore();
  const whole = await gradusJson(["train", spec, "--checkpoint-every", "7"], place);
  // As it was when the process died after update 35.
  const [store, dead] = [await openStore(place.env.GRADUS_STORE), await openStore(options.env.GRADUS_STORE)];
  const entries = await store.read(whole.run);
  const last = entries.findIndex((entry) => /"kept".*"checkpoint".*"step":40/.test(entry));
  await dead.append({ log: whole.run, kind: "run", at: 0, entries: entries.slice(0, last) });
  for (const { id } of await store.artifacts(whole.run)) {
    await dead.put(whole.run, (await store.get(whole.run, id)) ?? new Uint8Array());
  }
  await Promise.all([store.close(), dead.close()]);
  const { checkpoints, state } = await gradusJson(["show", "latest"], options);
  expect({ state, steps: checkpoints.map(({ step }: { step: number }) => step) }).toEqual({
    state: "interrupted",
    steps: [0, 7, 14, 21, 28, 35],
  });
  const { artifact } = checkpoints.at(-1);
  const damage = new DatabaseSync(join(options.env.GRADUS_STORE, "runs.sqlite"));
  damage.prepare("UPDATE piece SET bytes = zeroblob(length(bytes)) WHERE id = ?").run(artifact);
  damage.close();
  // Of those between the first and the last two the bytes are gone: it goes on from the one before, or from its start.
  const { exitCode, stdout, stderr } = await gradus(["resume", "latest", "--json"], options);
  expect(exitCode, stderr).toBe(0);
  expect(stderr).toMatch(/passed over: .*the bytes [0-9a-f]{12} of run .* are damaged/);
  const { weightsSha256, series } = JSON.parse(stdout);
  expect({ weightsSha256, series }).toEqual({ weightsSha256: whole.weightsSha256, series: whole.series });
});

// A shell's limit on the size of files: writing beyond it fails as a disk does.
test.skipIf(process.platform === "win32")(
  "a training whose store fails ends, says so, and goes on to the same end",
  async () => {
    const options = newStore();
    const words = ["train", spec, "--checkpoint-every", "1", "--quiet"];
    const through = ["bash", "-c", 'ulimit -f 2500; trap "" XFSZ; exec "$@"', "bash"];
    const place = join(options.env.GRADUS_STORE, "runs.sqlite");
    const complaint = /(the disk is full|reading or writing failed) \(SQLite/;
    await expectRefusal(words, { code: "store", place, complaint, remedy: /disk|space/ }, { ...options, through });
    const [{ state, checkpoints }] = (await gradusJson(["runs"], options)).runs;
    expect(["interrupted", "failed"]).toContain(state);
    expect(checkpoints.length).toBeGreaterThan(0);
    const resumed = await gradusJson(["resume", "latest"], options);
    const whole = await gradusJson(["train", spec], newStore());
    expect(resumed).toMatchObject({ weightsSha256: whole.weightsSha256, series: whole.series, final: whole.final });
  },
);

test("a run that diverged is kept as it was, numbers that are none included", async () => {
  const options = newStore();
  const words = ["train", spec, "--set", "training.schedule.rate=1e30", "--json"];
  const { exitCode, stdout } = await gradus(words, options);
  expect(exitCode).toBe(exitCodes.diverged);
  const { error: _, run, state, final, divergence } = JSON.parse(stdout);
  const shown = await gradusJson(["show", run], options);
  expect(shown).toMatchObject({ state: "diverged", training: { state, final, divergence } });
  expect(JSON.stringify(final)).toContain('"NaN"');
  expect((await gradusJson(["runs"], options)).runs[0].training.final).toEqual(final);
  // It travels as a file too.
  const [file, otherStore] = [join(folder, "diverged.gradus"), newStore()];
  await gradusJson(["export", run, "--out", file], options);
  await gradusJson(["import", file], otherStore);
  expect(await gradusJson(["show", run], otherStore)).toEqual(shown);
  await expectRefusal(
    ["predict", run, "a.png"],
    { code: "store", place: run, complaint: /no model: diverged/, remedy: /rate/ },
    options,
  );
  await expectRefusal(
    ["resume", run],
    { code: "store", place: run, complaint: /has ended: diverged/, remedy: "" },
    options,
  );
});
