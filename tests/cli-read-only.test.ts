import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseSpec } from "../src/record/parse-spec.ts";
import { encodeRunEvent } from "../src/record/run-event.ts";
import { asReader, hasReader } from "../src/store/fixtures/reader.node.ts";
import { openStore } from "../src/store/open-store.node.ts";
import { storeFile } from "../src/store/store-address.node.ts";
import { expectRefusal, gradusJson, temporaryFolder } from "./run-gradus.ts";

// A store on a medium without writing, or in another's folder: everything that only reads works as ever.

const { folder, remove } = temporaryFolder();
const place = join(folder, "store");
const out = join(folder, "out");
afterAll(() => {
  chmodSync(place, 0o755);
  remove();
});
const ids = ["aaaaaa", "bbbbbb"].map((end) => `20261125T100000Z-kept-${end}`);

beforeAll(async () => {
  const store = await openStore(place);
  const opened = { kind: "opened", at: "2026-11-25T10:00:00.000Z", host: "h", versions: {} } as const;
  for (const [seed, log] of ids.entries()) {
    const spec = parseSpec({ seed, training: { steps: 1, schedule: { kind: "constant", rate: 0.1 } } });
    const entries = [{ kind: "created" as const, spec, data: [] }, opened].map(encodeRunEvent);
    await store.append({ log, kind: "run", at: 0, entries });
  }
  await store.close();
  mkdirSync(out);
  chmodSync(out, 0o777);
  chmodSync(folder, 0o755);
  chmodSync(storeFile(place), 0o444);
  chmodSync(place, 0o555);
});

const options = { env: { GRADUS_STORE: place, TMPDIR: "/tmp" }, as: asReader };

describe.skipIf(!hasReader).concurrent("a store that may only be read", () => {
  test("is listed, shown, compared, exported from and examined", async () => {
    const { runs } = await gradusJson(["runs"], options);
    expect(runs.map(({ run }: { run: string }) => run)).toEqual(ids);
    expect(await gradusJson(["show", "bbbbbb"], options)).toMatchObject({ run: ids[1], state: "interrupted" });
    expect((await gradusJson(["compare", ...ids], options)).compared).toMatchObject([{ runs: ids, seeds: [0, 1] }]);
    const file = join(out, "run.gradus");
    expect(await gradusJson(["export", ids[0], "--out", file], options)).toMatchObject({ written: file });
    expect(await gradusJson(["doctor"], options)).toMatchObject({ findings: [] });
  });

  test("refuses what would change it, and says where to go", async () => {
    const refusal = { code: "store", complaint: /it cannot be written/, remedy: /GRADUS_STORE/ } as const;
    await expectRefusal(["tag", ids[0], "good"], { ...refusal, place: storeFile(place) }, options);
    // Whoever removes a run claims it first.
    await expectRefusal(["rm", ids[0]], { ...refusal, place: join(place, "claims") }, options);
  });
});
