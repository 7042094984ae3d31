import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openStore } from "../src/store/open-store.node.ts";
import { gradus, temporaryFolder } from "./run-gradus.ts";

// Where there is no store yet, a command that is refused before anything is kept makes none.

const { folder, remove } = temporaryFolder();
afterAll(remove);
const at = (name: string) => join(folder, name);

const limit = { train: 60, validation: 20, test: 20 };
const training = { batch: 10, schedule: { kind: "constant", rate: 0.1 }, epochs: 1 };
const spec = { name: "small", device: "wasm", data: { limit }, training };
writeFileSync(at("spec.json"), JSON.stringify(spec));
writeFileSync(at("large-batch.json"), JSON.stringify({ ...spec, training: { ...training, batch: 61 } }));
writeFileSync(at("f32-on-reference.json"), JSON.stringify({ ...spec, device: "reference", dtype: "f32" }));
const vary = (path: string) => [at("spec.json"), "--vary", path, "--name", "new"];
writeFileSync(at("no-run.gradus"), "not a run");

test.each([
  [["train", at("spec.json"), "--set", "training.batch=x"], /training\.batch/],
  [["train", at("large-batch.json")], /training\.batch: 61/],
  [["train", at("large-batch.json"), "--seeds", "1,2"], /training\.batch: 61/],
  [["train", at("f32-on-reference.json")], /f32/],
  [["train", at("spec.json"), "--device", "gpu"], /"gpu"/],
  [["lr-range", at("large-batch.json")], /training\.batch: 61/],
  [["lr-range", at("spec.json"), "--set", "device=gpu"], /"gpu"/],
  [["lr-range", at("f32-on-reference.json")], /f32/],
  [["overfit", at("f32-on-reference.json")], /f32/],
  [["overfit", at("spec.json"), "--set", "device=gpu"], /"gpu"/],
  [["replicate", "004-E99"], /004-E99/],
  [["search", ...vary("training.lamda=0,1")], /lamda/],
  [["search", ...vary("training.batch=10,61")], /training\.batch: 61/],
  [["search", ...vary("training.lambda=0,1"), "--set", "training.batch=61"], /training\.batch: 61/],
  [["search", ...vary("training.lambda=0,1"), "--set", "device=gpu"], /"gpu"/],
  [["search", "no-such-study"], /no-such-study/],
  [["search", "--final", "none"], /none/],
  [["search", "--refine", "none"], /none/],
  [["import", at("no-run.gradus")], /no-run\.gradus/],
  [["import", at("no-such-file.gradus")], /no such file/],
  [["resume", "latest"], /no runs are kept/],
  [["resume", "latest", "--fork"], /no runs are kept/],
  [["tag", "latest", "good"], /no runs are kept/],
  [["rm", "abcdef"], /no runs are kept/],
  [["restore", "abcdef"], /no runs are kept/],
])("gradus %j", async (words, complaint) => {
  const { exitCode, stderr } = await gradus(words, { env: { GRADUS_STORE: at("above/store") } });
  expect(stderr).toMatch(complaint);
  expect(exitCode).toBeGreaterThan(1);
  expect(existsSync(at("above"))).toBe(false);
});

test("and one that keeps something makes it, with the folders above it", async () => {
  const store = at("made/above/store");
  const { exitCode, stderr } = await gradus(["train", at("spec.json")], { env: { GRADUS_STORE: store } });
  expect(exitCode, stderr).toBe(0);
  expect(existsSync(store)).toBe(true);
  const kept = await openStore(store);
  expect(await kept.logs()).toHaveLength(1);
  await kept.close();
});
