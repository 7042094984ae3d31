import type { z } from "zod";
import type { NamedTensors } from "../files/safetensors.ts";
import type {
  Best,
  checkpointState,
  DeviceDescription,
  Divergence,
  Early,
  Final,
  Measurement,
  Notice,
} from "./measured.ts";
import type { Spec } from "./spec.ts";

export type { Best, DeviceDescription, Divergence, Early, Final, Measurement, Metrics, Notice } from "./measured.ts";

/** What a training says while it goes; `member` is the place of a run in its population. */
export type TrainingEvent =
  | {
      readonly kind: "started";
      /** One complete spec a member. */
      readonly members: readonly Spec[];
      readonly device: DeviceDescription;
      readonly steps: number;
      readonly stepsPerEpoch: number;
      /** Trainable numbers of one member. */
      readonly parameters: number;
      readonly examples: { readonly train: number; readonly validation: number; readonly test: number };
      /** The update after which a resumed training goes on: what was said of later ones is said anew. */
      readonly from?: number;
    }
  | {
      readonly kind: "progress";
      readonly step: number;
      /** Per member: the loss of the last mini-batch, NaN of one that has ended, and the rate it was stepped with. */
      readonly loss: readonly number[];
      readonly learningRate: readonly number[];
    }
  | { readonly kind: "measured"; readonly member: number; readonly measurement: Measurement }
  | { readonly kind: "noticed"; readonly member: number; readonly step: number; readonly notice: Notice }
  | {
      readonly kind: "checkpoint";
      /** Updates made so far; everything measured up to here has been said. */
      readonly step: number;
      /** Per member: what it takes to go on from here; of one that has ended, what it ended with. */
      readonly checkpoints: readonly Checkpoint[];
    }
  | { readonly kind: "diverged"; readonly member: number; readonly divergence: Divergence }
  | {
      readonly kind: "finished";
      readonly member: number;
      readonly step: number;
      readonly final: Final;
      /** Why it ended before its length was reached, where it did not diverge. */
      readonly early?: Early;
      /** Whose weights and numbers these are, where the best of a run's measurements was kept. */
      readonly best?: Best;
      /** SHA-256 of the weights, little-endian in the device's dtype, in the order W1, b1, W2, b2, ... */
      readonly weightsSha256: string;
    };

/** The whole state of a run between two updates; everything else follows from its spec. */
export interface Checkpoint extends Readonly<z.output<typeof checkpointState>> {
  /**
   * Parameters and averages by their names, optimiser state as `velocity.W1`, ..., the best weights so far, where they are
   * kept, as `best.W1`, ...; in the device's precision.
   */
  readonly tensors: NamedTensors;
}
