import { divergenceFault } from "../lab/divergence-fault.ts";
import { withRun } from "../lab/open-store.ts";
import { forkedRun, resumedRun } from "../lab/resume.ts";
import { trainAndKeep } from "../lab/train-and-keep.ts";
import { parseSpec } from "../record/parse-spec.ts";
import { type CheckpointFlags, checkpointRhythm } from "./checkpoint-flags.ts";
import { conclude, createConsole } from "./console.ts";
import { fetchProgress } from "./data.ts";
import { checkpointRequests, interruptible } from "./interrupt.ts";
import { applyChange } from "./read-spec.ts";
import { sayResults } from "./results.ts";
import { trainingProgress } from "./training-progress.ts";

interface ResumeOptions extends CheckpointFlags {
  readonly set?: readonly string[];
  readonly fork?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** `gradus resume RUN` */
export async function resumeCommand(reference: string, options: ResumeOptions): Promise<void> {
  const console = createConsole(options);
  const checkpoints = checkpointRhythm(options);
  const warn = (text: string) => console.say(text);
  await withRun(reference, async (store, run) => {
    const spec = parseSpec((options.set ?? []).reduce(applyChange, run.spec as unknown));
    let { id } = run;
    const training = await interruptible(
      "resume",
      async (signal) => {
        const member = await (options.fork ? forkedRun : resumedRun)(store, run, spec, warn);
        const onBegun = ([begun]: readonly string[]) => {
          id = begun;
          if ("fork" in member)
            console.say(`${id} branches off from ${run.id} after update ${member.fork.checkpoint.step}`);
          else if (member.checkpoint === undefined) console.say(`${id} has no checkpoint: it begins anew`);
          else console.say(`${id} goes on after update ${member.checkpoint.step}`);
        };
        const listen = trainingProgress(console);
        const [keptTraining] = await trainAndKeep(store, [member], {
          signal,
          onFetch: fetchProgress(console),
          checkpoints,
          checkpointRequests,
          onBegun,
          listen,
        });
        return keptTraining;
      },
      () => `\`gradus resume ${id}\` goes on`,
    );
    console.settle();
    sayResults(console, training);
    conclude(console, training.document, divergenceFault(training.document));
  });
}
