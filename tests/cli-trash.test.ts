import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseSpec } from "../src/record/parse-spec.ts";
import { encodeRunEvent } from "../src/record/run-event.ts";
import { createStudy } from "../src/search/study.ts";
import { encodeStudyEvent } from "../src/search/study-event.ts";
import { openStore } from "../src/store/open-store.node.ts";
import { expectRefusal, gradus, gradusJson, temporaryFolder } from "./run-gradus.ts";

const { folder, remove } = temporaryFolder();
afterAll(remove);
const place = join(folder, "store");
const options = { env: { GRADUS_STORE: place } };
const spec = parseSpec({ name: "kept", training: { steps: 1, schedule: { kind: "constant", rate: 0.1 } } });
const study = createStudy({
  name: "sought",
  spec: { training: { steps: 1, schedule: { kind: "constant", rate: 0.1 } } },
  vary: { "training.lambda": { kind: "choice", values: [0, 1] } },
  stages: [{ sampler: { kind: "grid" } }],
});
const [first, second, third] = ["aaaaaa", "bbbbbb", "cccccc"].map((end) => `20261121T100000Z-kept-${end}`);

beforeAll(async () => {
  const store = await openStore(place);
  const opened = { kind: "opened", at: "2026-11-21T10:00:00.000Z", host: "h", versions: {} } as const;
  const entries = [{ kind: "created" as const, spec, data: [] }, opened].map(encodeRunEvent);
  for (const log of [first, second, third]) await store.append({ log, kind: "run", at: 0, entries });
  // A search's log is no run, and no unreadable one either.
  await store.append({ log: "study-sought", kind: "study", at: 0, entries: study.events.map(encodeStudyEvent) });
  await store.close();
});

const listed = async (...flags: string[]) => {
  const { runs, unreadable } = await gradusJson(["runs", ...flags], options);
  expect(unreadable).toEqual([]);
  return runs.map(({ run }: { run: string }) => run);
};

test("what is removed goes to the trash, comes back, and is gone when that is emptied", async () => {
  expect(await gradusJson(["rm", "bbbbbb", "--dry-run"], options)).toEqual({ wouldRemove: [second] });
  expect(await listed()).toEqual([first, second, third]);
  expect(await gradusJson(["rm", "bbbbbb"], options)).toEqual({ removed: [second] });
  expect(await listed()).toEqual([first, third]);
  expect(await listed("--removed")).toEqual([second]);
  const removed = {
    code: "usage",
    place: "bbbbbb",
    complaint: /was removed/,
    remedy: `gradus restore ${second}`,
  } as const;
  await expectRefusal(["show", "bbbbbb"], removed, options);
  expect(await gradusJson(["restore", "bbbbbb"], options)).toEqual({ restored: [second] });
  expect(await listed()).toEqual([first, second, third]);
  await gradusJson(["rm", "bbbbbb"], options);
  expect((await gradusJson(["doctor", "--prune"], options)).pruned).toEqual([second]);
  expect(await listed("--removed")).toEqual([]);
  const gone = { code: "usage", place: "bbbbbb", complaint: /there is no such run/, remedy: "" } as const;
  await expectRefusal(["restore", "bbbbbb"], gone, options);
});

test("a few characters name no run, and removing asks for more of them", async () => {
  const short = { code: "usage", place: "cc", complaint: /too short/, remedy: /at least 4 characters/ } as const;
  await expectRefusal(["show", "cc"], short, options);
  expect((await gradusJson(["show", "cccc"], options)).run).toBe(third);
  const careful = { code: "usage", place: "ccccc", complaint: /too short/, remedy: /at least 6 characters/ } as const;
  await expectRefusal(["rm", "ccccc"], careful, options);
});

test("a protected run is not removed, nor any that is named with it", async () => {
  expect((await gradusJson(["tag", third, "--protect"], options)).isProtected).toBe(true);
  const refusal = {
    code: "usage",
    place: third,
    complaint: /is protected/,
    remedy: `gradus tag ${third} --unprotect`,
  } as const;
  await expectRefusal(["rm", first, third], refusal, options);
  expect(await listed()).toEqual([first, third]);
  expect((await gradusJson(["tag", third, "--unprotect"], options)).isProtected).toBe(false);
  expect((await gradusJson(["rm", third], options)).removed).toEqual([third]);
});

test("an empty store and none are an empty list", async () => {
  await gradusJson(["rm", first], options);
  const { exitCode, stdout } = await gradus(["runs"], options);
  expect({ exitCode, stdout }).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^0 runs in /) });
  rmSync(place, { recursive: true });
  expect(await gradusJson(["runs"], options)).toEqual({ store: place, runs: [], unreadable: [] });
});
