import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseSpec } from "../record/parse-spec.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { loadSplit } from "../train/split.node.ts";
import { train } from "../train/train.ts";
import { type KeptTraining, trainAndKeep } from "./train-and-keep.ts";
import { verifyRun } from "./verify-run.ts";

let folder: string;
let file: string;
let kept: KeptTraining;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "gradus-verify-"));
  file = join(folder, "mine.csv");
  const rows = Array.from({ length: 40 }, (_, i) => `${i % 2},${(i % 2) * 200 + (i % 9)},${i % 50},7`);
  writeFileSync(file, ["label,a,b,c", ...rows].join("\n"));
  const spec = parseSpec({
    device: "wasm",
    data: { dataset: { train: [file] }, split: { kind: "hold-out", validation: 10 } },
    network: { hidden: [3] },
    training: { batch: 5, epochs: 2, schedule: { kind: "constant", rate: 0.01 } },
    evaluate: { test: false },
  });
  const images = await loadSplit(spec);
  [kept] = await trainAndKeep(createMemoryStore(), [{ spec }], { train: (specs) => train(specs, images) });
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("a run is the same again, and what it was computed by is said where that is another version of the numbers", async () => {
  const { document, run } = kept;
  expect(await verifyRun({ document, data: run.data })).toMatchObject({ equal: true, notes: [] });
  const older = { ...document, versions: { ...document.versions, numbers: "0" } };
  const { equal, notes } = await verifyRun({ document: older });
  expect(equal).toBe(true);
  expect(notes).toEqual([expect.stringMatching(/^it was computed by version 0 of the numbers/)]);
});

test("other weights with the same measurements are another run", async () => {
  const { document } = kept;
  const verification = await verifyRun({ document: { ...document, weightsSha256: "0".repeat(64) } });
  expect(verification).toMatchObject({ equal: false, weightsSha256: { now: document.weightsSha256 } });
  expect(verification.first).toBeUndefined();
});

test("what its spec alone does not make is refused", async () => {
  const { document } = kept;
  const refused = (complaint: string) => ({ code: "usage", place: document.run, complaint });
  const why = ": its spec alone does not make it";
  await expect(verifyRun({ document, initial: "0".repeat(64) })).rejects.toMatchObject(
    refused(`it began from weights that are not its seed's${why}`),
  );
  const ended = { why: "retired", step: 5 } as const;
  await expect(verifyRun({ document: { ...document, ended } })).rejects.toMatchObject(
    refused(`a search ended it after update 5${why}`),
  );
  const fork = { run: "another", step: 3 };
  await expect(verifyRun({ document: { ...document, fork } })).rejects.toMatchObject(
    refused(`it branched off another after update 3${why}`),
  );
});

test("a run whose images have changed since is refused, and the file is named", async () => {
  const { document, run } = kept;
  const [{ sha256, ...rest }] = run.data;
  const data = [{ ...rest, sha256: sha256.replace(/^.{12}/, "0".repeat(12)) }];
  await expect(verifyRun({ document, data })).rejects.toMatchObject({
    code: "data",
    place: document.run,
    complaint: `its images have changed: ${file} was 000000000000, is ${sha256.slice(0, 12)}`,
  });
  await expect(verifyRun({ document, data: [...run.data, { file: "gone.csv", sha256 }] })).rejects.toMatchObject({
    complaint: `its images have changed: gone.csv was ${sha256.slice(0, 12)}, is missing`,
  });
});
