import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { expectRefusal, gradus, gradusJson, temporaryFolder } from "./run-gradus.ts";

const { folder, remove } = temporaryFolder();
afterAll(remove);

/** Two layers on 200 images: 40 steps, measured every 10. */
const spec = join(folder, "small.yaml");
writeFileSync(
  spec,
  `name: small
data: { limit: { train: 200, validation: 100, test: 50 } }
network: { hidden: [8] }
training: { batch: 50, lambda: 0.01, steps: 40, schedule: { kind: triangular, min: 0.001, max: 0.1, halfCycle: 20 } }
evaluate: { every: 10 }
device: wasm
`,
);
const diverging = ["--set", "training.schedule={ kind: constant, rate: 1.0e+30 }"];
const metrics = { loss: expect.any(Number), cost: expect.any(Number), accuracy: expect.any(Number) };

describe.concurrent("gradus train --json", () => {
  test("prints the document that docs/cli.md describes", async () => {
    const run = await gradusJson(["train", spec]);
    expect(run).toEqual({
      run: expect.stringMatching(/^\d{8}T\d{6}Z-small-[0-9a-f]{6}$/),
      startedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      seconds: expect.any(Number),
      versions: expect.objectContaining({ gradus: expect.any(String), node: process.versions.node }),
      spec: expect.objectContaining({ name: "small", seed: 1, random: "streams", device: "wasm" }),
      device: {
        name: "wasm",
        dtype: "f32",
        arithmetic: expect.stringMatching(/^(fused|separate)$/),
        details: expect.any(String),
      },
      state: "finished",
      steps: 40,
      stepsPerEpoch: 4,
      parameters: 3072 * 8 + 8 + 8 * 10 + 10,
      examples: { train: 200, validation: 100, test: 50 },
      weightsSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      final: { train: metrics, validation: metrics, test: metrics },
      series: [0, 10, 20, 30, 40].map((step) => ({
        step,
        learningRate: expect.any(Number),
        train: metrics,
        validation: metrics,
      })),
    });
    expect(run.seconds).toBeGreaterThan(0);
    const { series, final } = run;
    const rates = series.map(({ learningRate }: { learningRate: number }) => learningRate);
    // 0.001 up to 0.1 in 20 steps and down; in the last measurement, the rate of the last update.
    expect(rates).toEqual([0.001, 0.0505, 0.1, 0.0505, 0.00595].map((rate) => expect.closeTo(rate, 12)));
    // Before any update ten classes are a guess; and it learns.
    expect(series[0].train.loss).toBeGreaterThan(2.2);
    expect(series[0].train.loss).toBeLessThan(2.8);
    expect(series[4].train.loss).toBeLessThan(series[0].train.loss - 0.2);
    expect(series[4]).toMatchObject({ train: final.train, validation: final.validation });
    // The cost is the loss and the penalty: equal for every set of images, and above 0.
    const penalties = Object.values<typeof final.train>(final).map(({ loss, cost }) => cost - loss);
    expect(penalties[0]).toBeGreaterThan(0.01);
    for (const penalty of penalties) expect(penalty).toBeCloseTo(penalties[0], 9);
    for (const { accuracy } of Object.values<typeof final.train>(final)) expect((accuracy * 200) % 1).toBeCloseTo(0, 9);
  });

  test("evaluate.test: false leaves the test images alone", async () => {
    const { final } = await gradusJson(["train", spec, "--set", "evaluate.test=false"]);
    expect(Object.keys(final)).toEqual(["train", "validation"]);
  });

  test("an id in any case is the experiment; --set changes it, and --seed makes another run", async () => {
    const changes = [
      "--set",
      "data.limit={ train: 100, validation: 100, test: 100 }",
      "--set",
      "training.cycles=0.002",
    ];
    const [first, second] = await Promise.all([
      gradusJson(["train", "004-e2", ...changes, "--seed", "2"]),
      gradusJson(["train", "004-E2", ...changes, "--seed", "3", "--set", "name=mine"]),
    ]);
    expect(first.spec).toMatchObject({
      name: "004-E2",
      seed: 2,
      network: { hidden: [50] },
      training: { cycles: 0.002 },
    });
    expect(second.spec).toMatchObject({ name: "mine", seed: 3 });
    expect(first.steps).toBe(2);
    expect(second.weightsSha256).not.toBe(first.weightsSha256);
  });

  test("a spec that was printed can be trained again, to the same weights", async () => {
    const first = await gradusJson(["train", spec]);
    const again = join(folder, "again.json");
    writeFileSync(again, JSON.stringify(first.spec));
    expect(await gradusJson(["train", again])).toMatchObject({
      spec: first.spec,
      series: first.series,
      final: first.final,
      weightsSha256: first.weightsSha256,
    });
  });
});

describe.concurrent("the files of gradus train", () => {
  const flags = ["report", "record", "figure", "csv", "weights"];

  test("are written whole and say what the document says", async () => {
    const home = join(folder, "files");
    mkdirSync(home);
    const document = await gradusJson(["train", spec, ...flags.flatMap((flag) => [`--${flag}`, join(home, flag)])]);
    expect(readdirSync(home).sort()).toEqual([...flags].sort());
    const read = (name: string) => readFileSync(join(home, name), "utf8");

    expect(JSON.parse(read("record"))).toEqual(document);
    expect(read("report")).toMatch(/^<!doctype html>.*Gradient check: every parameter agrees.*<\/html>\n?$/is);
    expect(read("figure")).toMatch(/^<svg .*<\/svg>\n$/s);
    const [header, ...lines] = read("csv").trimEnd().split("\r\n");
    expect(header.split(",").slice(0, 3)).toEqual(["step", "learning_rate", "train_loss"]);
    expect(lines.map((line) => line.split(",").map(Number).slice(0, 3))).toEqual(
      document.series.map((row: typeof document) => [row.step, row.learningRate, row.train.loss]),
    );
    const weights = readFileSync(join(home, "weights"));
    const header8 = Number(weights.readBigUInt64LE());
    expect(Object.keys(JSON.parse(weights.toString("utf8", 8, 8 + header8)))).toEqual([
      "__metadata__",
      "W1",
      "b1",
      "W2",
      "b2",
    ]);
    expect(
      createHash("sha256")
        .update(weights.subarray(8 + header8))
        .digest("hex"),
    ).toBe(document.weightsSha256);
  });

  test("take the place of a file and of what a link leads to, and leave the link", async () => {
    const target = join(folder, "target.csv");
    const link = join(folder, "link.csv");
    writeFileSync(target, "old");
    symlinkSync(target, link);
    await gradusJson(["train", spec, "--csv", link]);
    expect(readFileSync(target, "utf8")).toMatch(/^step,/);
    expect(readFileSync(link, "utf8")).toBe(readFileSync(target, "utf8"));
    expect(readdirSync(folder).filter((name) => name.startsWith("target.csv"))).toEqual(["target.csv"]);
  });

  test.each([
    ["in no folder", ["no-folder/x"], "there is no folder"],
    ["below a file", ["small.yaml/x"], "is not a folder"],
    ["a folder", ["."], "it is a folder"],
    ["the spec itself", ["small.yaml"], "it is the file of the spec"],
    ["the spec by another path", [`../${basename(folder)}/small.yaml`], "it is the file of the spec"],
    ["one file for two outputs", ["same", "--csv", join(folder, "./same")], "it is the file of --record"],
  ])("are refused before the training: %s", async (_, [name, ...more], complaint) => {
    const place = more[0] ?? "--record";
    const commandLine = ["train", spec, "--record", `${folder}/${name}`, ...more];
    await expectRefusal(commandLine, { code: "output", place, complaint, remedy: /folder|name/ });
  });

  test("an empty name is refused", async () => {
    const refusal = {
      code: "output",
      place: "--record",
      complaint: '"" cannot be written',
      remedy: "name a file",
    } as const;
    await expectRefusal(["train", spec, "--record", ""], refusal);
  });

  test.skipIf(process.platform !== "linux").each(["/proc", "/sys"])("%s takes no new files", async (system) => {
    const refusal = {
      code: "output",
      place: "--record",
      complaint: `${system} takes no new files`,
      remedy: "folder",
    } as const;
    await expectRefusal(["train", spec, "--record", `${system}/gradus-test`], refusal);
  });

  // A file system that is full answers as this limit does; only root could mount one here.
  test.skipIf(process.platform === "win32")("a full disk is named, and nothing half-written is left", async () => {
    const home = join(folder, "full");
    mkdirSync(home);
    const through = ["sh", "-c", 'ulimit -f 40; exec "$@"', "sh"];
    const refusal = {
      code: "output",
      place: "--weights",
      complaint: /weights cannot be written: E/,
      remedy: "space",
    } as const;
    await expectRefusal(["train", spec, "--no-store", "--weights", join(home, "weights")], refusal, { through });
    expect(readdirSync(home)).toEqual([]);
  });
});

describe.concurrent("a run that diverges", () => {
  test("is the error diverged, and its files hold what happened", async () => {
    const record = join(folder, "diverged.json");
    const complaint = /^training.schedule: the run diverged: the scores of layer 2 left the finite numbers at step \d$/;
    const refusal = {
      code: "diverged",
      place: "training.schedule",
      complaint,
      remedy: /^lower the learning rate: gradus resume \S+ --fork --set training\.schedule\.\S+/,
      result: { state: "diverged", divergence: { layer: 2, where: "scores" } },
    } as const;
    await expectRefusal(["train", spec, ...diverging, "--record", record], refusal);
    expect(JSON.parse(readFileSync(record, "utf8"))).toMatchObject({
      state: "diverged",
      divergence: { layer: 2, where: "scores" },
      final: { train: { loss: "NaN" } },
    });
  });
});

describe.concurrent("what a person sees", () => {
  test("results on standard output; elsewhere than on a terminal, progress as plain lines on standard error", async () => {
    const csv = join(folder, "seen.csv");
    const { exitCode, stdout, stderr } = await gradus(["train", spec, "--csv", csv]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /^Accuracy: test \d.*\n\nResults after 40 updates\n.*\ntest +50 .*\nwrote [^\n]+seen\.csv\n$/s,
    );
    expect(stderr).not.toMatch(/[^\P{Cc}\n]/u);
    const measured = stderr.split("\n").filter((line) => line.includes("train"));
    expect(measured.map((line) => line.split(/[, ]/)[1])).toEqual(["0/40", "10/40", "20/40", "30/40", "40/40"]);
    expect(measured[4]).toMatch(/^step 40\/40, 0 s left {2}train \d+\.\d\d %, validation \d+\.\d\d %$/);
    expect(stderr).toMatch(/^step 40\/40, 0 s left {2}batch loss \d\.\d{4} {2}rate 0\.00595$/m);
  });

  test("--quiet: no progress, all results", async () => {
    const { exitCode, stdout, stderr } = await gradus(["train", spec, "--quiet"]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain("Results after 40 updates");
  });
});
