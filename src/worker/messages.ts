import type { Split } from "../data/splits.ts";
import { Fault, type FaultCode } from "../fault/fault.ts";
import type { Checkpoint, Measurement, TrainingEvent } from "../record/event.ts";
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
  /** When to take checkpoints; only those that are wished for when absent. */
  readonly checkpoints?: CheckpointRhythm | undefined;
  /** Whether the trained models are wanted. */
  readonly models?: boolean | undefined;
  /** Whether it asks after each measurement which members shall end with it. */
  readonly asksWhoRetires?: boolean | undefined;
  /** A number for each wish, not 0 where it is wished: a busy thread reads it, where a message would wait. */
  readonly wishes: Int32Array<ArrayBufferLike>;
}

/** A checkpoint after so many updates, or after so many seconds; and always at the start and when a training stops. */
export interface CheckpointRhythm {
  readonly steps?: number | undefined;
  readonly seconds?: number | undefined;
}

/** What a training can be asked for while it goes, and where that stands in `TrainOrder.wishes`. */
export const wishPlaces = { stop: 0, checkpoint: 1 } as const;
export type Wish = keyof typeof wishPlaces;

/** A member that goes on, and its measurements since it was begun or resumed. */
export interface RunningMember {
  readonly member: number;
  readonly series: readonly Measurement[];
}

/** What a training thread hears. */
export type ThreadMessage =
  | { readonly order: TrainOrder }
  /** Who listens is done with the oldest event not acknowledged yet. */
  | { readonly acknowledged: true }
  /** For a thread whose memory nobody shares. */
  | { readonly wish: Wish }
  /** The answer to `whoRetires`. */
  | { readonly retire: readonly number[] };

/** What it says. */
export type TrainMessage =
  | { readonly event: TrainingEvent }
  | { readonly whoRetires: readonly RunningMember[]; readonly step: number }
  | Ending;

/** The last thing it says of a training. */
export type Ending =
  | {
      readonly weights: readonly Weights[];
      /** Model files, one a spec, where they are wanted and the training ran to its end. */
      readonly models?: readonly Uint8Array[];
    }
  | { readonly fault: { code: FaultCode; place: string; complaint: string; remedy: string } }
  | { readonly defect: string };

/** An error as a message can carry it: a fault whole, anything else as its text. */
export function failureMessage(error: unknown): Ending {
  if (error instanceof Fault) {
    const { code, place, complaint, remedy } = error;
    return { fault: { code, place, complaint, remedy } };
  }
  return { defect: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

/** The error that a message carried. */
export function failureOf(message: Extract<Ending, { fault: unknown } | { defect: unknown }>): Error {
  if ("defect" in message) return new Error(`in the training thread: ${message.defect}`);
  const { code, place, complaint, remedy } = message.fault;
  return new Fault(code, place, complaint, remedy);
}
