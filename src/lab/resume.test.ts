import { expect, test } from "vitest";
import { sha256 } from "../files/sha256.ts";
import { encodeCheckpoint } from "../record/checkpoint-file.ts";
import type { Checkpoint } from "../record/event.ts";
import { parseSpec } from "../record/parse-spec.ts";
import { encodeRunEvent, type RunEvent } from "../record/run-event.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { readRun } from "./kept-runs.ts";
import { forkedRun } from "./resume.ts";

const spec = parseSpec({ training: { steps: 30, schedule: { kind: "constant", rate: 0.1 } } });

/** A run with these checkpoints, the oldest first. */
async function runWith(checkpoints: readonly Checkpoint[]) {
  const store = createMemoryStore();
  const files = await Promise.all(checkpoints.map(encodeCheckpoint));
  const kept = await Promise.all(
    files.map(async (bytes, i): Promise<RunEvent> => {
      const named = { step: checkpoints[i].step, artifact: await sha256(bytes), size: bytes.length };
      return { kind: "kept", what: "checkpoint", seconds: 1, ...named };
    }),
  );
  const opened: RunEvent = { kind: "opened", at: "2026-11-25T10:00:00.000Z", host: "h", versions: {} };
  const entries = [{ kind: "created", spec, data: [] } as RunEvent, opened, ...kept].map(encodeRunEvent);
  await store.append({ log: "a-run", kind: "run", at: 0, entries, put: files });
  return { store, run: await readRun(store, "a-run") };
}

test("a fork branches off from the last checkpoint that is finite", async () => {
  const start = { step: 0, tensors: {} };
  const broken = { step: 20, ended: "diverged", tensors: {} } as const;
  const { store, run } = await runWith([start, broken]);
  expect((await forkedRun(store, run, spec, () => {})).fork).toEqual({ run: "a-run", checkpoint: start });
  const { store: otherStore, run: hopeless } = await runWith([broken]);
  await expect(forkedRun(otherStore, hopeless, spec, () => {})).rejects.toMatchObject({
    place: "a-run",
    complaint: "has no checkpoint to branch off from",
  });
});
