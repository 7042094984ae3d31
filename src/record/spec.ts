import { z } from "zod";
import { isLayout, layoutRemedy } from "./image-layout.ts";

// The words of a run. A spec is data: what a file holds, a sampler proposes, a worker takes and a report shows.
// Every object is strict: an unknown key is refused, never ignored.

const count = z.int().min(1);
const rate = z.number().min(0);

/** Steps in which a rate climbs to what it would be: update t (from 0) takes (t + 1) / warmup of it. */
const warmup = count.optional();

const scheduleSchema = z.discriminatedUnion("kind", [
  /** The same rate at every step. */
  z.strictObject({ kind: z.literal("constant"), rate, warmup }),
  /** The rate times `factor` after every `every` steps; after every epoch when absent. */
  z.strictObject({ kind: z.literal("step-decay"), rate, factor: rate, every: count.optional(), warmup }),
  /** From `min` to `max` over the whole run, by the same factor every step: a rate range test (Smith 2015, section 3.3). */
  z.strictObject({ kind: z.literal("ramp"), min: rate.gt(0), max: rate.gt(0) }),
  /** Up from `min` to `max` in `halfCycle` steps and down again, counted from step `start` (Smith 2015). */
  z.strictObject({
    kind: z.literal("triangular"),
    min: rate,
    max: rate,
    halfCycle: count,
    start: z.literal([0, 1]).default(0),
    /** What max - min is multiplied by after each cycle; 1 when absent. */
    decay: z.number().gt(0).max(1).optional(),
  }),
  /** From `max` to `min` along half a cosine, over the whole run or over each `cycle` steps (Loshchilov and Hutter 2017). */
  z.strictObject({ kind: z.literal("cosine"), max: rate, min: rate, cycle: count.min(2).optional(), warmup }),
  /** From `max` to `min` in a straight line over the whole run ("budgeted training", Li et al. 2020). */
  z.strictObject({ kind: z.literal("linear"), max: rate, min: rate, warmup }),
]);

const initialisationSchema = z.discriminatedUnion("kind", [
  /** N(0, 1/fan_in) in every layer. */
  z.strictObject({ kind: z.literal("fan-in") }),
  /** N(0, 2/fan_in) in every layer (He et al. 2015, eq. 10). */
  z.strictObject({ kind: z.literal("he") }),
  /** N(0, sigma^2) in every layer. */
  z.strictObject({ kind: z.literal("normal"), sigma: rate }),
  /** Uniform in [low, high) in every layer. */
  z.strictObject({ kind: z.literal("uniform"), low: z.number(), high: z.number() }),
  /** Orthonormal rows, or columns where there are more nodes than inputs, times `gain` (Saxe et al. 2014). */
  z.strictObject({ kind: z.literal("orthogonal"), gain: z.number().gt(0).default(1) }),
]);

const batchNormSchema = z.strictObject({
  /** Of the scores, or of what the ReLU makes of them. */
  place: z.enum(["before-relu", "after-relu"]).default("before-relu"),
  /** Which hidden layers; without the last, as a report's code overwrote it. */
  layers: z.enum(["all", "all-but-last"]).default("all"),
  /** Whether a gain gamma and an offset beta are learned. */
  affine: z.boolean().default(true),
  /** Added to the variance; when absent, what the precision allows: 1e-15 in f64, 1e-12 in f32. */
  eps: rate.optional(),
  /** What a moving average keeps of itself at each step. */
  alpha: z.number().min(0).max(1).default(0.9),
  /** Whether each epoch starts its averages anew from its first batch. */
  averages: z.enum(["kept", "reset"]).default("kept"),
});

/** What a running mean keeps of itself. */
const share = z.number().min(0).lt(1);

const moments = {
  /** Of the gradient. */
  beta1: share.default(0.9),
  /** Of its square. */
  beta2: share.default(0.999),
  /** Added to the root of the mean square. */
  eps: z.number().gt(0).default(1e-8),
};

const updateSchema = z.discriminatedUnion("kind", [
  /** theta <- theta - eta g */
  z.strictObject({ kind: z.literal("sgd") }),
  /** v <- rho v + eta g; theta <- theta - v */
  z.strictObject({
    kind: z.literal("momentum"),
    rho: share.default(0.9),
    /** Whether velocities go back to 0 at the start of each epoch. */
    velocities: z.enum(["kept", "reset"]).default("kept"),
  }),
  /** v <- rho v + eta g; theta <- theta - (eta g + rho v) (Bengio et al. 2013). */
  z.strictObject({ kind: z.literal("nesterov"), rho: share.default(0.9) }),
  /** Rates by running means of a gradient and its square, the penalty part of the gradient (Kingma and Ba 2015). */
  z.strictObject({ kind: z.literal("adam"), ...moments }),
  /** The same, the penalty a decay of the weights beside it (Loshchilov and Hutter 2019). */
  z.strictObject({ kind: z.literal("adamw"), ...moments }),
  /** Rates by the sum of a gradient's squares (Duchi et al. 2011). */
  z.strictObject({ kind: z.literal("adagrad"), eps: z.number().gt(0).default(1e-8) }),
  /** Rates by a running mean of a gradient's square (Tieleman and Hinton 2012). */
  z.strictObject({ kind: z.literal("rmsprop"), rho: share.default(0.9), eps: z.number().gt(0).default(1e-8) }),
]);

const splitSchema = z.discriminatedUnion("kind", [
  /** Whole CIFAR-10 batches, numbered 1 to 5, or files of `dataset.train`, numbered from 1. */
  z.strictObject({
    kind: z.literal("batches"),
    train: z.array(count).min(1),
    validation: z.array(count).min(1),
  }),
  /** Everything but the last `validation` training images; stratified, of each class its last ones: the default for files. */
  z.strictObject({ kind: z.literal("hold-out"), validation: count, stratified: z.boolean().optional() }),
  /** Everything but the part with this `number` of `of` equal parts of the training images, in order: cross-validation. */
  z.strictObject({ kind: z.literal("fold"), number: count, of: count.min(2) }),
]);

/** A file or folder, its part behind a #; relative to the working directory. */
const dataPath = z.string().min(1).max(4096);

const datasetSchema = z.union(
  [
    z.enum(["cifar-10", "mnist"]),
    z.strictObject({
      train: z.array(dataPath).min(1).max(1000),
      test: dataPath.optional(),
      /** The column of a CSV file, or the array, that holds the labels. */
      label: z.string().min(1).max(1000).optional(),
      /** The array that holds the images. */
      images: z.string().min(1).max(1000).optional(),
      /** The axes of that array in their order: n and d, or n, h and w with or without c. */
      layout: z.string().refine(isLayout, layoutRemedy).optional(),
      /** The values that become byte 0 and byte 255; what lies between is rounded. */
      range: z
        .tuple([z.number(), z.number()])
        .refine(([from, to]) => from < to, "give the smaller number first, as [0, 1]")
        .optional(),
      /** Height and width that the pictures of a folder are brought to, by area average. */
      resize: z.tuple([count.max(1024), count.max(1024)]).optional(),
    }),
  ],
  '"cifar-10", "mnist", or an object with the key train',
);

const augmentSchema = z.strictObject({
  /** Probability that an image is mirrored, left to right. */
  flip: z.number().min(0).max(1).default(0),
  /** Pixels by which it is moved at most, in each direction. */
  translate: z.int().min(0).default(0),
  /** What comes in there: the mean training image, the nearest pixel of the image, or black. */
  border: z.enum(["mean", "edge", "black"]).default("mean"),
  /** Part by which brightness and contrast change at most. */
  jitter: z.number().min(0).max(1).default(0),
  /** Standard deviation of Gaussian noise on each number of a pixel, as a part of 255. */
  noise: z.number().min(0).max(1).default(0),
  /** Side in pixels of a square that is covered with the mean training image. */
  cutout: z.int().min(0).default(0),
});

const lossSchema = z.discriminatedUnion("kind", [
  /** Softmax cross-entropy, with targets of 1 - smoothing at the label and smoothing shared out among all classes. */
  z.strictObject({ kind: z.literal("softmax"), smoothing: share.default(0) }),
  /** A binary cross-entropy for each class: their mean, or their sum. */
  z.strictObject({ kind: z.literal("sigmoid"), over: z.enum(["mean", "sum"]).default("mean") }),
  /** The sum over the other classes of max(0, s_k - s_y + margin). */
  z.strictObject({ kind: z.literal("hinge"), margin: z.number().gt(0).default(1) }),
]);

export const specSchema = z.strictObject({
  name: z.string().min(1).default("run"),
  /** Where every random number of the run comes from. */
  seed: z.int().min(0).default(1),
  /** `streams`: counter-based, one stream a purpose. `numpy`: one PCG64 generator, drawn from in order. */
  random: z.enum(["streams", "numpy"]).default("streams"),
  data: z
    .strictObject({
      dataset: datasetSchema.default("cifar-10"),
      split: splitSchema.default({ kind: "batches", train: [1], validation: [2] }),
      preprocess: z.enum(["standardise", "centre", "scale", "none"]).default("standardise"),
      order: z.enum(["sequential", "permuted"]).default("sequential"),
      /** Seed of the permutations; the run's own seed when absent. Runs that share it can share batches. */
      orderSeed: z.int().min(0).optional(),
      /** Changes the training images anew in each epoch, when they are trained on; absent for none. */
      augment: augmentSchema.optional(),
      /** Keeps only the first images of a part. */
      limit: z
        .strictObject({ train: count.optional(), validation: count.optional(), test: count.optional() })
        .default({}),
    })
    .prefault({}),
  network: z
    .strictObject({
      /** Nodes of each hidden layer; [] is softmax regression. */
      hidden: z.array(count).max(64).default([50]),
      initialise: initialisationSchema.default({ kind: "fan-in" }),
      /** Normalises the hidden layers by the statistics of each mini-batch (Ioffe and Szegedy 2015). */
      batchNorm: batchNormSchema.optional(),
      /** Probability that a hidden node is left out of a training step. */
      dropout: z.number().min(0).lt(1).default(0),
    })
    .prefault({}),
  training: z.strictObject({
    batch: count.default(100),
    /** Weight of the penalty lambda * sum W^2. */
    lambda: rate.default(0),
    /** What the scores are judged by; softmax cross-entropy when absent. */
    loss: lossSchema.optional(),
    schedule: scheduleSchema,
    update: updateSchema.default({ kind: "sgd" }),
    /** The largest norm that the gradient of a mini-batch's loss may have: a longer one is shortened to it. */
    clip: z.number().gt(0).optional(),
    /** Ends a run whose cost on the training images exceeds the first one by this factor, as diverged. */
    costLimit: z.number().gt(1).optional(),
    /** Ends a run after so many measurements in a row without a better accuracy on the validation images. */
    patience: count.optional(),
    // How long: exactly one of the three.
    epochs: count.optional(),
    steps: count.optional(),
    cycles: z.number().gt(0).optional(),
  }),
  evaluate: z
    .strictObject({
      /** Steps between two measurements of the training and validation sets, from the start; `end`: one, after the last. */
      every: z.union([count, z.literal("end")], 'a whole number from 1, or "end"').optional(),
      /** Whose weights the run hands over: the last update's, or those of its best accuracy on the validation images. */
      keep: z.enum(["last", "best"]).default("last"),
      /** Measure the test set once, at the end. */
      test: z.boolean().default(true),
    })
    .prefault({}),
  /** A device by name, or the best one here. */
  device: z.string().min(1).default("auto"),
  /** Precision of everything computed; the device's own when absent. */
  dtype: z.enum(["f32", "f64"]).optional(),
});

/** A complete run description: every default filled in. */
export type Spec = z.output<typeof specSchema>;
/** A run description as a person writes it: what has a default may be left out. */
export type SpecInput = z.input<typeof specSchema>;
