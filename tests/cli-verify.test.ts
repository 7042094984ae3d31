import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { exitCodes } from "../src/cli/exit-code.ts";
import { expectRefusal, gradus, temporaryFolder } from "./run-gradus.ts";

const { folder, remove } = temporaryFolder();
afterAll(remove);
const env = { GRADUS_STORE: join(folder, "store") };
const limits = ["data.limit.train=200", "data.limit.validation=10", "data.limit.test=10", "training.cycles=0.005"];

test("a run's record and its exported file are the same again; altered ones say where they part", async () => {
  const record = join(folder, "run.json");
  const changes = limits.flatMap((limit) => ["--set", limit]);
  const trained = await gradus(["train", "004-E2", ...changes, "--record", record, "--quiet"], { env });
  expect(trained.exitCode, trained.stderr).toBe(0);
  const exported = join(folder, "run.gradus");
  await gradus(["export", "latest", "--out", exported], { env });
  const same = await gradus(["verify", exported, "--quiet", "--json"], { env });
  expect(same.exitCode, same.stderr).toBe(0);
  const document = JSON.parse(readFileSync(record, "utf8"));
  const hash = document.weightsSha256;
  expect(JSON.parse(same.stdout)).toMatchObject({ equal: true, weightsSha256: { before: hash, now: hash } });

  document.series[1].validation.loss += 1e-9;
  const altered = join(folder, "altered.json");
  writeFileSync(altered, JSON.stringify(document));
  const other = await gradus(["verify", altered, "--quiet", "--json"], { env });
  expect(other.exitCode).toBe(exitCodes.check);
  const { step } = document.series[1];
  expect(JSON.parse(other.stdout)).toMatchObject({
    equal: false,
    first: { step, series: "validation.loss", before: document.series[1].validation.loss },
    error: { code: "check", place: document.run, message: expect.stringContaining(`after update ${step}`) },
  });
});

test("a record that is a measurement short, or has one too many, is not the same", async () => {
  const document = JSON.parse(readFileSync(join(folder, "run.json"), "utf8"));
  const { length } = document.series;
  const last = document.series[length - 1];
  const records = { short: document.series.slice(0, -1), long: [...document.series, { ...last, step: last.step + 1 }] };
  for (const [name, series] of Object.entries(records)) {
    const file = join(folder, `${name}.json`);
    writeFileSync(file, JSON.stringify({ ...document, series }));
    const { exitCode, stdout } = await gradus(["verify", file, "--quiet", "--json"], { env });
    expect(exitCode).toBe(exitCodes.check);
    const first = { series: "number of measurements", before: series.length, now: length };
    expect(JSON.parse(stdout)).toMatchObject({ equal: false, first });
  }
});

test("what is no run, and what its spec alone does not make, is refused", async () => {
  const record = join(folder, "fork.json");
  const document = JSON.parse(readFileSync(join(folder, "run.json"), "utf8"));
  writeFileSync(record, JSON.stringify({ ...document, fork: { run: "another", step: 5 } }));
  await expectRefusal(["verify", record], {
    code: "usage",
    place: document.run,
    complaint: "branched off another",
    remedy: "from its beginning",
  });
  await expectRefusal(["verify", "no-such-run"], {
    code: "usage",
    place: "no-such-run",
    complaint: "no such file",
    remedy: "export",
  });
});
