import type { Split } from "../data/splits.ts";
import { Fault, type FaultCode } from "../fault/fault.ts";
import type { Checkpoint, TrainingEvent } from "../record/event.ts";
import type { SpecInput } from "../record/spec.ts";
import type { Weights } from "../train/weights.ts";

/** What a training thread is given. */
export interface TrainOrder {
  readonly specs: SpecInput | readonly SpecInput[];
  /** The images; those that the spec names when absent. */
  readonly data?: Split | undefined;
  /** Weights to begin from, one a spec. */
  readonly initial?: readonly Weights[] | undefined;
  /** Checkpoints to go on from, one a spec. */
  readonly resume?: readonly Checkpoint[] | undefined;
  /** When to take checkpoints; none when absent. */
  readonly checkpoints?: CheckpointRhythm | undefined;
  /** Whether the trained models are wanted. */
  readonly models?: boolean | undefined;
  /** One int32 that is not 0 once the training shall stop: a busy thread reads it, where a message would wait. */
  readonly stop: Int32Array<SharedArrayBuffer>;
}

/** A checkpoint after so many updates, or after so many seconds; and always when a training stops. */
export interface CheckpointRhythm {
  readonly steps?: number | undefined;
  readonly seconds?: number | undefined;
}

/** What it says. */
export type TrainMessage =
  | { readonly event: TrainingEvent }
  | {
      readonly weights: readonly Weights[];
      /** Model files, one a spec, where they are wanted and the training ran to its end. */
      readonly models?: readonly Uint8Array[];
    }
  | { readonly fault: { code: FaultCode; place: string; complaint: string; remedy: string } }
  | { readonly defect: string };

/** An error as a message can carry it: a fault whole, anything else as its text. */
export function failureMessage(error: unknown): TrainMessage {
  if (error instanceof Fault) {
    const { code, place, complaint, remedy } = error;
    return { fault: { code, place, complaint, remedy } };
  }
  return { defect: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

/** The error that a message carried. */
export function failureOf(message: Extract<TrainMessage, { fault: unknown } | { defect: unknown }>): Error {
  if ("defect" in message) return new Error(`in the training thread: ${message.defect}`);
  const { code, place, complaint, remedy } = message.fault;
  return new Fault(code, place, complaint, remedy);
}
