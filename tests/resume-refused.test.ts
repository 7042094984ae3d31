import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { parseSpec } from "../src/record/parse-spec.ts";
import { encodeRunEvent, type RunEvent } from "../src/record/run-event.ts";
import { openStore } from "../src/store/open-store.node.ts";
import { changed } from "../src/train/fixtures/small-runs.ts";
import { expectRefusal, temporaryFolder } from "./run-gradus.ts";

const { folder, remove } = temporaryFolder();
afterAll(remove);
const spec = parseSpec(changed());

/** A store on disk with a run that was interrupted before its first checkpoint. */
async function interrupted(name: string, created: Partial<RunEvent & { kind: "created" }>, numbers: string) {
  const storeFolder = join(folder, name);
  const store = await openStore(storeFolder);
  const id = `20261121T100000Z-${name}-abcdef`;
  const first = { kind: "created", spec, data: [], ...created } as RunEvent;
  const opened = { kind: "opened", at: "2026-11-21T10:00:00.000Z", host: "h", versions: { numbers } } as const;
  await store.append({ log: id, kind: "run", at: 0, entries: [first, opened].map(encodeRunEvent) });
  await store.close();
  return { id, options: { env: { GRADUS_STORE: storeFolder } } };
}

test("a run of a Gradus that computed other digits is not resumed", async () => {
  const members = ["data_batch_1", "data_batch_2", "test_batch"];
  const { cifar10Hashes } = await import("../src/data/cifar10.ts");
  const files = members.map((file) => ({ file, sha256: cifar10Hashes[file as keyof typeof cifar10Hashes] }));
  const { id, options } = await interrupted("digits", { data: files }, "0");
  const complaint = /would not be the same run: versions\.numbers was "0", is "1"/;
  await expectRefusal(["resume", id], { code: "spec", place: id, complaint, remedy: /--fork/ }, options);
});

test("a run whose data has changed is not resumed, and the files are named", async () => {
  const file = join(folder, "images.csv");
  const row = (label: number) =>
    `${label},${Array.from({ length: 4 }, (_, i) => (label * 50 + i * 7) % 256).join(",")}\n`;
  writeFileSync(file, Array.from({ length: 40 }, (_, i) => row(i % 3)).join(""));
  const input = {
    data: { dataset: { train: [file] }, split: { kind: "hold-out", validation: 10 } },
    network: { hidden: [3] },
    training: { batch: 10, steps: 20, schedule: { kind: "constant", rate: 0.1 } },
    evaluate: { test: false },
  };
  const csvSpec = parseSpec(input);
  const { datasetFiles } = await import("../src/train/split.node.ts");
  const files = [...(await datasetFiles(csvSpec.data))];
  expect(files).toEqual([{ file, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
  const { id, options } = await interrupted("data", { spec: csvSpec, data: files }, "1");
  appendFileSync(file, row(1));
  const complaint = new RegExp(
    `would not be the same run: data: .*images.csv was "${files[0].sha256}", is "[0-9a-f]{64}"`,
  );
  await expectRefusal(["resume", id], { code: "spec", place: id, complaint, remedy: /--fork/ }, options);
});
