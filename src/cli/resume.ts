import { Fault } from "../fault/fault.ts";
import { decodeCheckpoint } from "../record/checkpoint-file.ts";
import type { Checkpoint } from "../record/event.ts";
import { parseSpec } from "../record/parse-spec.ts";
import type { DataFile } from "../record/run-event.ts";
import type { KeptRun } from "../record/run-record.ts";
import { type Difference, differences } from "../record/spec-difference.ts";
import { show } from "../record/spec-fault.ts";
import type { Store } from "../store/store.ts";
import { datasetFiles } from "../train/split.node.ts";
import { type CheckpointFlags, checkpointRhythm } from "./checkpoint-flags.ts";
import { conclude, createConsole } from "./console.ts";
import { interruptible } from "./interrupt.ts";
import { beingTrained, withRun } from "./lab.ts";
import { divergenceFault } from "./perform.ts";
import { applyChange } from "./read-spec.ts";
import { sayResults } from "./results.ts";
import { beginRun, continueRun } from "./session.ts";
import { versions } from "./versions.ts";

interface ResumeOptions extends CheckpointFlags {
  readonly set?: readonly string[];
  readonly fork?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** `gradus resume RUN` */
export async function resumeCommand(reference: string, options: ResumeOptions): Promise<void> {
  const console = createConsole(options);
  const rhythm = checkpointRhythm(options);
  await withRun(reference, async (store, run) => {
    if (run.state === "running") throw beingTrained(run.id);
    const spec = parseSpec((options.set ?? []).reduce(applyChange, run.spec as unknown));
    let id = run.id;
    const resume = () => `\`gradus resume ${id}\` goes on`;
    const session = await interruptible(
      "resume",
      async (signal) => {
        const data = await datasetFiles(spec.data);
        const changes = [...differences(run.spec, spec), ...dataDifferences(run.data, data), ...codeDifferences(run)];
        const checkpoint = await latestCheckpoint(store, run, (text) => console.say(text));
        if (options.fork) {
          if (checkpoint === undefined) {
            throw new Fault(
              "store",
              run.id,
              "has no checkpoint to branch off from",
              "begin a new run with `gradus train`",
            );
          }
          const onRun = (begun: string) => {
            id = begun;
            console.say(`${begun} branches off from ${run.id} after update ${checkpoint.step}`);
          };
          return await beginRun(store, { spec, data, fork: { run: run.id, checkpoint } }, console, {
            signal,
            checkpoints: rhythm,
            onRun,
          });
        }
        if (changes.length > 0) throw changed(run, changes);
        if (run.state === "finished" || run.state === "diverged") {
          const remedy =
            "`gradus show` shows it; --fork with --set training.steps=... trains a new run on from its end";
          throw new Fault("store", run.id, `has ended: ${run.state}`, remedy);
        }
        console.say(
          checkpoint === undefined
            ? `${run.id} has no checkpoint: it begins anew`
            : `${run.id} goes on after update ${checkpoint.step}`,
        );
        return await continueRun(store, run, checkpoint, console, { signal, checkpoints: rhythm });
      },
      resume,
    );
    sayResults(console, session);
    conclude(console, session.document, divergenceFault(session.document));
  });
}

/** The newest checkpoint that is whole; a damaged one is named and passed over. */
export async function latestCheckpoint(
  store: Store,
  run: KeptRun,
  warn: (text: string) => void,
): Promise<Checkpoint | undefined> {
  for (const { step, artifact } of run.checkpoints.toReversed()) {
    const place = `checkpoint of ${run.id} after update ${step}`;
    try {
      const bytes = await store.get(run.id, artifact);
      if (bytes !== undefined) return await decodeCheckpoint(bytes, place);
    } catch (error) {
      // A disk that fails now is no reason to give up what it may hold.
      if (!(error instanceof Fault) || isOfDatabase(error)) throw error;
      warn(`passed over: ${error.message}`);
    }
  }
  return undefined;
}

/** Whether SQLite refused, and not what it holds. */
function isOfDatabase({ cause }: Fault): boolean {
  return cause !== undefined && (cause as { errcode?: number }).errcode !== undefined;
}

function dataDifferences(were: readonly DataFile[], are: readonly DataFile[]): Difference[] {
  const files = new Set([...were, ...are].map(({ file }) => file));
  const hash = (list: readonly DataFile[], name: string) => list.find(({ file }) => file === name)?.sha256;
  return [...files]
    .map((file) => ({ path: `data: ${file}`, left: hash(were, file), right: hash(are, file) }))
    .filter(({ left, right }) => left !== right);
}

/** Whether this code would compute other numbers from the same spec. */
function codeDifferences({ versions: was }: KeptRun): Difference[] {
  const [left, right] = [was.numbers, versions().numbers];
  return left === right ? [] : [{ path: "versions.numbers", left, right }];
}

function changed(run: KeptRun, changes: readonly Difference[]): Fault {
  const list = changes.map(({ path, left, right }) => `${path} was ${show(left)}, is ${show(right)}`);
  const remedy = "resume it as it was, or begin a new run from its checkpoint with --fork";
  return new Fault("spec", run.id, `would not be the same run: ${list.join("; ")}`, remedy);
}
