import type { CheckpointRhythm } from "../worker/messages.ts";

/** Seconds between two checkpoints where no flag says otherwise: what a dead process costs at most. */
const SECONDS = 10;

export interface CheckpointFlags {
  /** `--checkpoint-every`, in updates. */
  readonly checkpointEvery?: number;
}

/** When to take checkpoints; always when a training ends or is stopped. No choice changes a number. */
export function checkpointRhythm({ checkpointEvery: steps }: CheckpointFlags): CheckpointRhythm {
  return steps === undefined ? { seconds: SECONDS } : { steps };
}
