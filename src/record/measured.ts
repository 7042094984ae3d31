import { z } from "zod";

// What events, logs and documents say alike, written once: the types are those of the schemas. A log and a document differ in
// how their JSON names numbers that are not finite, so what holds such numbers is made for a way to read one.

export const count = z.int().min(0);

/** Any number, those that are not finite too. */
export const anyNumber = z.custom<number>((value) => typeof value === "number", "a number");

/** Images of each set. */
export const exampleCounts = z.strictObject({ train: count, validation: count, test: count });

export const deviceDescription = z.strictObject({
  name: z.string(),
  dtype: z.enum(["f32", "f64"]),
  /** Whether products round once or twice, or as a GPU likes; runs of before 0.2.0 have it in `details` only: `arithmeticOf`. */
  arithmetic: z.enum(["fused", "separate", "unspecified"]).exactOptional(),
  /** What the device found to run on, e.g. `relaxed SIMD, 1 thread`. */
  details: z.string(),
});

export type DeviceDescription = Readonly<z.output<typeof deviceDescription>>;

/** The first numbers of a run that left the finite. */
export const divergence = z.strictObject({
  /** The update after which it was seen. */
  step: count,
  /** The first layer, from the input, with something that is not finite: 1 is the first. */
  layer: count,
  /**
   * What was not finite there first: a parameter's name, `mean`, `variance`, `activations`, `scores`, ... or `loss`; `cost`
   * where it exceeded the spec's limit.
   */
  where: z.string(),
});

export type Divergence = Readonly<z.output<typeof divergence>>;

/** Ended by `training.patience`, or by whoever watches: a pruner. */
export const early = z.enum(["patience", "retired"]);

export type Early = z.output<typeof early>;

/** The update whose weights a run hands over, chosen by the accuracy on the validation images among so many looks at them. */
export const best = z.strictObject({ step: count, looks: count });

export type Best = Readonly<z.output<typeof best>>;

/** What a person should know of a run that is neither an error nor a number. */
export const notice = z.strictObject({
  about: z.enum(["read-as", "unseen-class", "no-effect", "at-chance", "cost-grew"]),
  /** One sentence. */
  text: z.string(),
  /** What to try. */
  remedy: z.string(),
});

export type Notice = Readonly<z.output<typeof notice>>;

/** @param number how a number is read, those that are not finite too */
export function measured(number: z.ZodType<number>) {
  /** What a set of images says of a network. */
  const metrics = z.strictObject({
    /** Mean of -log p_y over the images. */
    loss: number,
    /** Loss plus lambda times the sum of all squared weights. */
    cost: number,
    /** Fraction of images whose largest score is the label's. */
    accuracy: number,
  });
  return {
    metrics,
    /** One row of a run's curves. */
    measurement: z.strictObject({
      /** Updates made so far; 0 is before the first. */
      step: count,
      /** The rate of the update that follows; at the end, of the last update. */
      learningRate: number,
      train: metrics,
      validation: metrics,
    }),
    /** The end of a run, on every set it was measured on; `test` only when the spec asks for it. */
    final: z.strictObject({ train: metrics, validation: metrics, test: metrics.exactOptional() }),
  };
}

type Measured = ReturnType<typeof measured>;
export type Metrics = Readonly<z.output<Measured["metrics"]>>;
export type Measurement = Readonly<z.output<Measured["measurement"]>>;
export type Final = Readonly<z.output<Measured["final"]>>;

const { metrics } = measured(anyNumber);

/** What a checkpoint holds beside its tensors. */
export const checkpointState = z.strictObject({
  /** Of a run that has ended, the update it ended after. */
  step: count,
  /** Cost on the training images when first measured, which `training.costLimit` compares with. */
  firstCost: anyNumber.exactOptional(),
  /** The measurement due after this step has not been made: the training was being stopped. */
  isUnmeasured: z.literal(true).exactOptional(),
  /** Measurements so far, the largest accuracy on the training images among them, and the best on the validation images. */
  looks: count.exactOptional(),
  highest: anyNumber.exactOptional(),
  best: z.strictObject({ step: count, look: count, train: metrics, validation: metrics }).exactOptional(),
  /** It had ended before its length was reached. */
  ended: z.enum(["diverged", ...early.options]).exactOptional(),
});
