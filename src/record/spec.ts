import { z } from "zod";
import { isLayout, layoutRemedy } from "./image-layout.ts";

// The words of a run. A spec is data: what a file holds, a sampler proposes, a worker takes and a report shows.
// Every object is strict: an unknown key is refused, never ignored. What a comment says of a key is a part of what
// spec-descriptions.ts says of it.

const count = z.int().min(1);
const rate = z.number().min(0);

const warm = {
  /** Updates in which the rate climbs to what it would be. */
  warmup: count.optional(),
};

const scheduleSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    /** The same rate at every update. */
    kind: z.literal("constant"),
    /** The rate. */
    rate,
    ...warm,
  }),
  z.strictObject({
    /** The rate times `factor` after every `every` updates; after every epoch when absent. */
    kind: z.literal("step-decay"),
    /** The first rate. */
    rate,
    /** What the rate is multiplied by. */
    factor: rate,
    /** Updates from one multiplication to the next; left out, an epoch. */
    every: count.optional(),
    ...warm,
  }),
  z.strictObject({
    /** From `min` to `max` over the whole run, by the same factor every update: a rate range test (Smith 2015, section 3.3). */
    kind: z.literal("ramp"),
    /** The first rate, above 0. */
    min: rate.gt(0),
    /** The last rate, above 0. */
    max: rate.gt(0),
  }),
  z.strictObject({
    /** Up from `min` to `max` in `halfCycle` updates and down again, counted from `start` (Smith 2015). */
    kind: z.literal("triangular"),
    /** The rate at the foot; not above `max`. */
    min: rate,
    /** The rate at the peak. */
    max: rate,
    /** Updates of the way up, `min` to `max`; the n_s of the course. */
    halfCycle: count,
    /** The number t of the first update. */
    start: z.literal([0, 1]).default(0),
    /** What the height of the peak above `min` is multiplied by after each cycle; left out, 1. */
    decay: z.number().gt(0).max(1).optional(),
  }),
  z.strictObject({
    /** From `max` to `min` along half a cosine, over the whole run or over each `cycle` updates (Loshchilov and Hutter 2017). */
    kind: z.literal("cosine"),
    /** The first rate. */
    max: rate,
    /** The rate at the end, not above `max`. */
    min: rate,
    /** Updates after which it begins anew at `max`; left out, the whole run. */
    cycle: count.min(2).optional(),
    ...warm,
  }),
  z.strictObject({
    /** From `max` to `min` in a straight line over the whole run ("budgeted training", Li et al. 2020). */
    kind: z.literal("linear"),
    /** The first rate. */
    max: rate,
    /** The rate at the end, not above `max`. */
    min: rate,
    ...warm,
  }),
]);

const initialisationSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    /** N(0, 1/d) in every layer, d its inputs. */
    kind: z.literal("fan-in"),
  }),
  z.strictObject({
    /** N(0, 2/d) in every layer, d its inputs (He et al. 2015, eq. 10), and what fits other activations in its place. */
    kind: z.literal("he"),
  }),
  z.strictObject({
    /** N(0, sigma²) in every layer. */
    kind: z.literal("normal"),
    /** The standard deviation. */
    sigma: rate,
  }),
  z.strictObject({
    /** Even in [low, high) in every layer. */
    kind: z.literal("uniform"),
    /** The lower end, included. */
    low: z.number(),
    /** The upper end, above `low`. */
    high: z.number(),
  }),
  z.strictObject({
    /** Orthonormal rows, or columns where there are more nodes than inputs, times `gain` (Saxe et al. 2014). */
    kind: z.literal("orthogonal"),
    /** What every length is multiplied by; √2 makes up for what a ReLU takes away. */
    gain: z.number().gt(0).default(1),
  }),
]);

const batchNormSchema = z.strictObject({
  /** Whether the scores are normalised, or what the ReLU, or another activation, makes of them. */
  place: z.enum(["before-relu", "after-relu"]).default("before-relu"),
  /** Which hidden layers are normalised: every one, or all but the last hidden one. */
  layers: z.enum(["all", "all-but-last"]).default("all"),
  /** Whether each normalised node learns a gain gamma and an offset beta. */
  affine: z.boolean().default(true),
  /** Added to the variance. Left out, what the precision allows: 1e-15 in f64, 1e-12 in f32. */
  eps: rate.optional(),
  /** What the moving averages of mean and variance keep of themselves at each update. */
  alpha: z.number().min(0).max(1).default(0.9),
  /** Whether the averages go on across epochs, or start each epoch anew from its first mini-batch. */
  averages: z.enum(["kept", "reset"]).default("kept"),
  /** What measurements, and the model that is handed over, normalise by; left out, `running`. */
  statistics: z.enum(["running", "precise", "adaptive"]).optional(),
});

/** What a running mean keeps of itself. */
const share = z.number().min(0).lt(1);

const moments = {
  /** What the running mean of a gradient keeps of itself at each update. */
  beta1: share.default(0.9),
  /** What the running mean of its square keeps. */
  beta2: share.default(0.999),
  /** Added to the root that a step is divided by. */
  eps: z.number().gt(0).default(1e-8),
};

const updateSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    /** theta <- theta - eta g */
    kind: z.literal("sgd"),
  }),
  z.strictObject({
    /** v <- rho v + eta g; theta <- theta - v */
    kind: z.literal("momentum"),
    /** What a velocity keeps of itself at each update. */
    rho: share.default(0.9),
    /** Whether velocities go on across epochs, or go back to 0 before each. */
    velocities: z.enum(["kept", "reset"]).default("kept"),
  }),
  z.strictObject({
    /** v <- rho v + eta g; theta <- theta - (eta g + rho v) (Bengio et al. 2013). */
    kind: z.literal("nesterov"),
    /** What a velocity keeps of itself at each update. */
    rho: share.default(0.9),
  }),
  z.strictObject({
    /** Rates by running means of a gradient and its square, the penalty part of the gradient (Kingma and Ba 2015). */
    kind: z.literal("adam"),
    ...moments,
  }),
  z.strictObject({
    /** The same, the penalty a decay of the weights beside it (Loshchilov and Hutter 2019). */
    kind: z.literal("adamw"),
    ...moments,
  }),
  z.strictObject({
    /** Rates by the sum of a gradient's squares (Duchi et al. 2011). */
    kind: z.literal("adagrad"),
    /** Added to the root that a step is divided by. */
    eps: z.number().gt(0).default(1e-8),
  }),
  z.strictObject({
    /** Rates by a running mean of a gradient's square (Tieleman and Hinton 2012). */
    kind: z.literal("rmsprop"),
    /** What the mean square keeps. */
    rho: share.default(0.9),
    /** Added to the root that a step is divided by. */
    eps: z.number().gt(0).default(1e-8),
  }),
]);

const splitSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    /** Whole CIFAR-10 batches, numbered 1 to 5, or files of `dataset.train`, numbered from 1. */
    kind: z.literal("batches"),
    /** The batches to train on, in this order; none twice. */
    train: z.array(count).min(1),
    /** The batches to validate on, none of them in `train`. */
    validation: z.array(count).min(1),
  }),
  z.strictObject({
    /** Everything but the last `validation` training images; stratified, of each class its last ones: the default for files. */
    kind: z.literal("hold-out"),
    /** How many of the last training images are held out, of CIFAR-10 1 to 49,999. */
    validation: count,
    /** Whether each class gives its share of what is held out, its last images, in place of the last of all. */
    stratified: z.boolean().optional(),
  }),
  z.strictObject({
    /** Everything but the part with this `number` of `of` equal parts of the training images, in order: cross-validation. */
    kind: z.literal("fold"),
    /** The part that is held out, of the images in order. */
    number: count,
    /** How many equal parts there are. */
    of: count.min(2),
    /** Whether each part has its share of every class, every `of`-th image of it; left out, `false`. */
    stratified: z.boolean().optional(),
  }),
]);

/** A file or folder, its part behind a #; relative to the working directory. */
const dataPath = z.string().min(1).max(4096);

const datasetSchema = z.union(
  [
    z.enum(["cifar-10", "mnist"]),
    z.strictObject({
      /** Files or folders with the training images, from the working directory; `path#train` is the part `train` of one. */
      train: z.array(dataPath).min(1).max(1000),
      /** The file or folder with the test images. */
      test: dataPath.optional(),
      /** The column of a CSV file, or the array, that holds the labels; left out, the usual names. */
      label: z.string().min(1).max(1000).optional(),
      /** The array that holds the images; left out, the usual names. */
      images: z.string().min(1).max(1000).optional(),
      /** The axes of that array in their order, one letter each: `n` images of `d` values, or of `c` colours, `h` rows and `w` columns. */
      layout: z.string().refine(isLayout, layoutRemedy).optional(),
      /** The values, of a data file or of PNGs of 16 bits, that become byte 0 and byte 255, as `[0, 1]`; what lies between is rounded to 256 levels. */
      range: z
        .tuple([z.number(), z.number()])
        .refine(([from, to]) => from < to, "give the smaller number first, as [0, 1]")
        .optional(),
      /** Height and width that the pictures of a folder are brought to, as `[32, 32]`, by area average. */
      resize: z.tuple([count.max(1024), count.max(1024)]).optional(),
    }),
  ],
  '"cifar-10", "mnist", or an object with the key train',
);

const augmentSchema = z.strictObject({
  /** Probability that a training image is mirrored, left to right. */
  flip: z.number().min(0).max(1).default(0),
  /** Pixels by which it is moved at most, up or down and left or right. */
  translate: z.int().min(0).default(0),
  /** What comes in where it is moved: the mean training image, the image's own nearest pixel, or black. */
  border: z.enum(["mean", "edge", "black"]).default("mean"),
  /** Part by which brightness (of 255) and contrast (about the image's mean) change at most. */
  jitter: z.number().min(0).max(1).default(0),
  /** Standard deviation of Gaussian noise on each number of a pixel, as a part of 255. */
  noise: z.number().min(0).max(1).default(0),
  /** Side in pixels of a square that is covered with the mean training image. */
  cutout: z.int().min(0).default(0),
  /** Mixes each image and its label with another's (Zhang et al. 2018). */
  mixup: z.number().min(0).max(4).optional(),
});

const averageSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    /** A mean in which each update's weights count `decay` times those of the next. */
    kind: z.literal("ema"),
    /** What the weights of an update count beside those of the next. */
    decay: z.number().gt(0).lt(1).default(0.999),
  }),
  z.strictObject({
    /** The plain mean of weights some updates apart, from late in the run on (Izmailov et al. 2018). */
    kind: z.literal("swa"),
    /** Updates before the first weights that are averaged; left out, three quarters of the run, rounded up to a multiple of `every`. */
    from: count.optional(),
    /** The same, in cycles of the schedule. */
    fromCycle: count.optional(),
    /** Updates from one to the next; left out, a cycle of the schedule, or an epoch where it has none. */
    every: count.optional(),
  }),
]);

const lossSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    /** Softmax cross-entropy. */
    kind: z.literal("softmax"),
    /** Label smoothing a; targets are 1 - a + a/K at the label and a/K at the others. */
    smoothing: share.default(0),
  }),
  z.strictObject({
    /** A binary cross-entropy for each class. */
    kind: z.literal("sigmoid"),
    /** The mean over the K classes, the course's 1/K, or their sum. */
    over: z.enum(["mean", "sum"]).default("mean"),
  }),
  z.strictObject({
    /** The sum over the other classes of max(0, s_k - s_y + margin). */
    kind: z.literal("hinge"),
    /** By how much the label's score must exceed the others. */
    margin: z.number().gt(0).default(1),
  }),
]);

export const specSchema = z.strictObject({
  /** What the run is called in reports. Changes no number. */
  name: z.string().min(1).default("run"),
  /** Where every random number of the run comes from. */
  seed: z.int().min(0).default(1),
  /** How numbers are made of the seed: counter-based, one stream a purpose; or as NumPy draws them, from one generator in order. */
  random: z.enum(["streams", "numpy"]).default("streams"),
  /** Which images there are, and how they become numbers. */
  data: z
    .strictObject({
      /** The dataset: CIFAR-10, MNIST (60,000 images in one batch, so its split is `hold-out` or `fold`), or an object that names files of yours. */
      dataset: datasetSchema.default("cifar-10"),
      /** Which images train and which validate. */
      split: splitSchema.default({ kind: "batches", train: [1], validation: [2] }),
      /** How a byte becomes a number. */
      preprocess: z.enum(["standardise", "centre", "scale", "none"]).default("standardise"),
      /** Mini-batches in file order, the same in every epoch; or from a new permutation of the training images before each epoch. */
      order: z.enum(["sequential", "permuted"]).default("sequential"),
      /** Seed of the permutations; left out, the run's `seed`. */
      orderSeed: z.int().min(0).optional(),
      /** Changes the training images anew in each epoch, when they are trained on; left out, none is changed. */
      augment: augmentSchema.optional(),
      /** Keeps only the first images of a part. */
      limit: z
        .strictObject({
          /** Keeps only the first so many training images. */
          train: count.optional(),
          /** The same for the validation images. */
          validation: count.optional(),
          /** The same for the test images. */
          test: count.optional(),
        })
        .default({}),
    })
    .prefault({}),
  /** The network: its layers, how its weights begin, what normalises it. */
  network: z
    .strictObject({
      /** Nodes of each hidden layer. `[]` is softmax regression. */
      hidden: z.array(count).max(64).default([50]),
      /** What a hidden node makes of its score; left out, `relu`. */
      activation: z.enum(["relu", "leaky-relu", "gelu", "tanh"]).optional(),
      /** With `leaky-relu`: the slope below 0; left out, 0.01. */
      slope: z.number().min(0).lt(1).optional(),
      /** Whether every hidden layer but the first adds what it reads to what it makes of it. */
      residual: z.boolean().optional(),
      /** How the weights begin. */
      initialise: initialisationSchema.default({ kind: "fan-in" }),
      /** Normalises the hidden layers by the statistics of each mini-batch; left out, nothing is normalised. */
      batchNorm: batchNormSchema.optional(),
      /** Probability that a node of a hidden layer is left out of an update, for each image anew. */
      dropout: z.number().min(0).lt(1).default(0),
    })
    .prefault({}),
  /** How it learns, and how long: exactly one of `epochs`, `steps` and `cycles` must be given. */
  training: z.strictObject({
    /** Images of one update, at most the training images. */
    batch: count.default(100),
    /** The penalty: cost = loss + lambda · (sum of all squared weights). */
    lambda: rate.default(0),
    /** What the scores are judged by; left out, softmax cross-entropy. */
    loss: lossSchema.optional(),
    /** The learning rate `eta` of each update. */
    schedule: scheduleSchema,
    /** The update rule. */
    update: updateSchema.default({ kind: "sgd" }),
    /** Averages the weights over the updates; left out, the last update's count. */
    average: averageSchema.optional(),
    /** The largest norm of a mini-batch's gradient of the loss, over all parameters: a longer gradient is shortened to it. */
    clip: z.number().gt(0).optional(),
    /** Ends the run as diverged when a measurement finds the cost on the training images above this many times the first one. */
    costLimit: z.number().gt(1).optional(),
    /** Ends the run early when so many measurements in a row have not bettered its best accuracy on the validation images. */
    patience: count.optional(),
    // How long: exactly one of the three.
    /** Length of the run in epochs. */
    epochs: count.optional(),
    /** Length of the run in updates. */
    steps: count.optional(),
    /** Length in cycles of a `triangular` schedule, 2 · `halfCycle` updates each, or of a `cosine` one, `cycle` updates each. */
    cycles: z.number().gt(0).optional(),
  }),
  /** What is measured, and when. */
  evaluate: z
    .strictObject({
      /** Updates between two measurements; left out, one epoch. `end`: measured once, after the last update. */
      every: z.union([count, z.literal("end")], 'a whole number from 1, or "end"').optional(),
      /** Whose weights the run hands over: the last update's, or those of the measurement with the largest accuracy on the validation images. */
      keep: z.enum(["last", "best"]).default("last"),
      /** Whether the test images are measured, once, at the end. */
      test: z.boolean().default(true),
    })
    .prefault({}),
  /** A device's name, as `gradus devices` lists them, or `auto`: the best one here. */
  device: z.string().min(1).default("auto"),
  /** Precision of everything computed. */
  dtype: z.enum(["f32", "f64"]).optional(),
});

/** A complete run description: every default filled in. */
export type Spec = z.output<typeof specSchema>;
/** A run description as a person writes it: what has a default may be left out. */
export type SpecInput = z.input<typeof specSchema>;
