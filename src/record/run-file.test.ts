import { expect, test } from "vitest";
import { Fault } from "../fault/fault.ts";
import { encodeSafetensors } from "../files/safetensors.ts";
import { sha256 } from "../files/sha256.ts";
import { parseSpec } from "./parse-spec.ts";
import { encodeRunEvent } from "./run-event.ts";
import { decodeRunFile, encodeRunFile } from "./run-file.ts";

const spec = parseSpec({ training: { steps: 1, schedule: { kind: "constant", rate: 0.1 } } });
const created = encodeRunEvent({ kind: "created", spec, data: [] });

test("a run comes back from its file as it was", async () => {
  const model = Uint8Array.of(1, 2, 3);
  const run = { id: "a-run", entries: [created], artifacts: new Map([[await sha256(model), model]]) };
  expect(await decodeRunFile(await encodeRunFile(run), "run.gradus")).toEqual(run);
});

/** A file whose log has the hash that it should have, whatever it is. */
async function fileWith(log: Uint8Array): Promise<Uint8Array> {
  const metadata = { format: "gradus-run", version: "1", run: "a-run", log: await sha256(log) };
  return encodeSafetensors({ log: { shape: [log.length], values: log } }, metadata);
}

test.each([
  ["no JSON", "[", "the log is no list of texts"],
  ["not in UTF-8", Uint8Array.of(0x5b, 0x22, 0xff, 0x22, 0x5d), "the log is no list of texts"],
  ["no list", '"created"', "the log is no list of texts"],
  ["a list of something else", "[1]", "the log is no list of texts"],
  ["a list of texts that are no JSON", '["{"]', "the log's entry 0: not JSON"],
  ["empty", "[]", "the log does not begin as a run's does"],
  ["begun elsewhere", JSON.stringify(['{"kind":"labelled"}', created]), "the log does not begin as a run's does"],
])("a log with the right hash that is %s is refused", async (_what, log, complaint) => {
  const file = await fileWith(typeof log === "string" ? new TextEncoder().encode(log) : log);
  const refusal = await decodeRunFile(file, "run.gradus").catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(Fault);
  expect(refusal).toMatchObject({ code: "data", place: "run.gradus", complaint: expect.stringContaining(complaint) });
});
