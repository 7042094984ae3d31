import type { NamedTensors } from "../files/safetensors.ts";
import type { Spec } from "./spec.ts";

/** What a set of images says of a network. */
export interface Metrics {
  /** Mean of -log p_y over the images. */
  readonly loss: number;
  /** Loss plus lambda times the sum of all squared weights. */
  readonly cost: number;
  /** Fraction of images whose largest score is the label's. */
  readonly accuracy: number;
}

/** One row of a run's curves. */
export interface Measurement {
  /** Updates made so far; 0 is before the first. */
  readonly step: number;
  /** The rate of the update that follows; at the end, of the last update. */
  readonly learningRate: number;
  readonly train: Metrics;
  readonly validation: Metrics;
}

export interface DeviceDescription {
  readonly name: string;
  readonly dtype: "f32" | "f64";
  /** Whether products round once or twice; runs of before 0.2.0 have it in `details` only: `arithmeticOf`. */
  readonly arithmetic?: "fused" | "separate";
  /** What the device found to run on, e.g. `relaxed SIMD, 1 thread`. */
  readonly details: string;
}

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
      /** Per member: the loss of the last mini-batch, and the rate it was stepped with. */
      readonly loss: readonly number[];
      readonly learningRate: readonly number[];
    }
  | { readonly kind: "measured"; readonly member: number; readonly measurement: Measurement }
  | {
      readonly kind: "checkpoint";
      /** Updates made so far; everything measured up to here has been said. */
      readonly step: number;
      /** Per member: what it takes to go on from here. */
      readonly checkpoints: readonly Checkpoint[];
    }
  | { readonly kind: "diverged"; readonly member: number; readonly divergence: Divergence }
  | {
      readonly kind: "finished";
      readonly member: number;
      readonly step: number;
      readonly final: Final;
      /** SHA-256 of the weights, little-endian in the device's dtype, in the order W1, b1, W2, b2, ... */
      readonly weightsSha256: string;
    };

/** The whole state of a run between two updates; everything else follows from its spec. */
export interface Checkpoint {
  readonly step: number;
  /** Parameters and averages by their names, velocities as `velocity.W1`, ...; in the device's precision. */
  readonly tensors: NamedTensors;
  /** Cost on the training images when first measured, which `training.costLimit` compares with. */
  readonly firstCost?: number;
  /** The measurement due after this step has not been made: the training was being stopped. */
  readonly isUnmeasured?: true;
  /** It had diverged, and goes on only for the sake of those in its company. */
  readonly hasDiverged?: true;
}

/** The end of a run, on every set it was measured on; `test` only when the spec asks for it. */
export interface Final {
  readonly train: Metrics;
  readonly validation: Metrics;
  readonly test?: Metrics;
}

/** The first numbers of a run that left the finite. */
export interface Divergence {
  /** The update after which it was seen. */
  readonly step: number;
  /** The first layer, from the input, whose parameters or scores are not finite: 1 is the first. */
  readonly layer: number;
  /** What was not finite there: a parameter's name, `scores` or `loss`; `cost` where it exceeded the spec's limit. */
  readonly where: string;
}
