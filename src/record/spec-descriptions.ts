/** What is known of a key beyond its schema: the one source of docs/spec.md, of the JSON Schema and of `gradus spec`. */
export interface KeyDescription {
  /** What it does, in Markdown: the last column of its row in docs/spec.md. */
  readonly meaning: string;
  /** What its number counts, where it counts something. */
  readonly unit?: string;
  /** Changes as `--set` takes them, of a spec with a triangular schedule counted in cycles. */
  readonly example: readonly string[];
}

/** What each kind is, of what has kinds; and each name, of what has formulas for them. */
export const kindDescriptions: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "data.split": {
    batches: "whole batches by number, of files the first of `data.dataset.train` being 1",
    "hold-out": "all of them, in order, without their last images",
    fold: "all of them without one of several equal parts, as in cross-validation",
  },
  "data.preprocess": {
    standardise: "(b/255 - mean) / sd; 0 for a pixel that is the same in every training image",
    centre: "b/255 - mean",
    scale: "b/255",
    none: "b",
  },
  "network.initialise": {
    "fan-in": "N(0, 1/d), d the inputs of the layer",
    he: "N(0, 2/d) (He et al. 2015, eq. 10) for `relu` and `gelu`, 2/((1 + slope²)d) for `leaky-relu` (eq. 15), 25/(9d) for `tanh`",
    normal: "N(0, sigma²) in every layer",
    uniform: "even in [low, high)",
    orthogonal:
      "random orthonormal rows, or columns in a layer with more nodes than inputs, times `gain` (Saxe et al. 2014)",
  },
  "training.average": {
    ema: "a mean in which each update's weights count `decay` times those of the next",
    swa: "the plain mean of weights some updates apart, from late in the run on (Izmailov et al. 2018)",
  },
  "training.loss": {
    softmax: "cross-entropy",
    sigmoid: "a binary cross-entropy for each class",
    hinge: "sum over the other classes of max(0, s_k - s_y + margin), a support vector machine",
  },
  "training.schedule": {
    constant: "rate",
    "step-decay": "rate · factor^⌊t / every⌋; without `every`, the updates of an epoch",
    triangular:
      "with u = t mod 2n_s: min + (u / n_s)(max - min) for u ≤ n_s, then min + (2 - u / n_s)(max - min); with `decay`, max - min is multiplied by it after each cycle",
    cosine:
      "with u = t mod `cycle`: min + (max - min)(1 + cos(π u / cycle)) / 2; without `cycle`, that is the whole run",
    linear: "max + (t / T)(min - max), T the updates of the whole run",
    ramp: "min · (max / min)^(t / (T - 1)), T the updates of the whole run: the same factor at every update",
  },
  "training.update": {
    sgd: "theta <- theta - eta g",
    momentum: "v <- rho v + eta g; theta <- theta - v",
    nesterov: "v <- rho v + eta g; theta <- theta - (eta g + rho v)",
    adagrad: "v <- v + g²; theta <- theta - eta g / (√v + eps)",
    rmsprop: "v <- rho v + (1 - rho) g²; theta <- theta - eta g / (√v + eps)",
    adam: "m <- beta1 m + (1 - beta1) g; v <- beta2 v + (1 - beta2) g²; theta <- theta - eta (m / (1 - beta1^t)) / (√(v / (1 - beta2^t)) + eps), t = 1, 2, ...",
    adamw:
      "as `adam` with g = dL/dtheta, and the penalty beside it: W <- (1 - 2 eta lambda) W - ...; PyTorch's `weight_decay` is 2 lambda",
  },
};

/** What the keys are that only hold others. */
export const groupDescriptions: Readonly<Record<string, string>> = {
  data: "Which images there are, and how they become numbers.",
  "data.augment":
    "Changes the training images anew in each epoch, when they are trained on; left out, none is changed. See [Augmentation](#augmentation).",
  "data.limit": "Keeps only the first images of a part.",
  network: "The network: its layers, how its weights begin, what normalises it.",
  "network.batchNorm":
    "Normalises the hidden layers by the statistics of each mini-batch; left out, nothing is normalised, and `{}` takes all defaults. See [Batch normalisation](#batch-normalisation).",
  training: "How it learns, and how long: exactly one of `epochs`, `steps` and `cycles` must be given.",
  evaluate: "What is measured, and when.",
};

/** Every key that holds a value, by its path. */
export const keyDescriptions: Readonly<Record<string, KeyDescription>> = {
  name: {
    meaning: "What the run is called in reports. Changes no number.",
    example: ["name=wide"],
  },
  seed: {
    meaning: "Where every random number of the run comes from.",
    example: ["seed=7"],
  },
  random: {
    meaning:
      "How numbers are made of the seed: counter-based, one stream a purpose; or as NumPy draws them, from one generator in order. See [Random numbers](#random-numbers).",
    example: ["random=numpy"],
  },
  device: {
    meaning: "A device's name, as `gradus devices` lists them, or `auto`: the best one here.",
    example: ["device=wasm"],
  },
  dtype: {
    meaning:
      "Precision of everything computed. Left out, the device's own: f32 on `native`, `wasm`, `blas` and `webgpu` (which has no f64), f64 on `reference`.",
    example: ["dtype=f64"],
  },
  "data.dataset": {
    meaning:
      "The dataset: CIFAR-10, MNIST (60,000 images in one batch, so its split is `hold-out` or `fold`), or an object that names files of yours. What they may be: [`data-files.md`](data-files.md).",
    example: [
      "data.split={ kind: hold-out, validation: 1000 }",
      "data.dataset={ train: [digits/train.csv], test: digits/test.csv, label: digit }",
    ],
  },
  "data.dataset.train": {
    meaning:
      "Files or folders with the training images, from the working directory; `path#train` is the part `train` of one.",
    example: [
      "data.split={ kind: hold-out, validation: 1000 }",
      "data.dataset={ train: [digits/train.csv], test: digits/test.csv }",
    ],
  },
  "data.dataset.test": {
    meaning: "The file or folder with the test images. Left out, `evaluate.test` must be `false`.",
    example: [
      "data.split={ kind: hold-out, validation: 1000 }",
      "data.dataset={ train: [digits/train.csv], test: digits/test.csv }",
    ],
  },
  "data.dataset.label": {
    meaning: "The column of a CSV file, or the array, that holds the labels; left out, the usual names.",
    example: [
      "data.split={ kind: hold-out, validation: 1000 }",
      "data.dataset={ train: [digits/train.csv], label: digit }",
      "evaluate.test=false",
    ],
  },
  "data.dataset.images": {
    meaning: "The array that holds the images; left out, the usual names.",
    example: [
      "data.split={ kind: hold-out, validation: 1000 }",
      "data.dataset={ train: [faces.mat], images: fea }",
      "evaluate.test=false",
    ],
  },
  "data.dataset.layout": {
    meaning:
      "The axes of that array in their order, one letter each: `n` images of `d` values, or of `c` colours, `h` rows and `w` columns, as `hwcn`. Left out, the one usual layout that fits.",
    example: [
      "data.split={ kind: hold-out, validation: 1000 }",
      "data.dataset={ train: [digits.mat], layout: hwcn }",
      "evaluate.test=false",
    ],
  },
  "data.dataset.range": {
    meaning:
      "The values, of a data file or of PNGs of 16 bits, that become byte 0 and byte 255, as `[0, 1]`; what lies between is rounded to 256 levels, what lies outside is refused. Left out, values are bytes.",
    example: [
      "data.split={ kind: hold-out, validation: 1000 }",
      "data.dataset={ train: [digits.npz], range: [0, 1] }",
      "evaluate.test=false",
    ],
  },
  "data.dataset.resize": {
    meaning:
      "Height and width that the pictures of a folder are brought to, as `[32, 32]`, by area average; other proportions are stretched. Left out, all must have one size.",
    unit: "pixels",
    example: [
      "data.split={ kind: hold-out, validation: 1000 }",
      "data.dataset={ train: [flowers], resize: [32, 32] }",
      "evaluate.test=false",
    ],
  },
  "data.split": {
    meaning: "Which images train and which validate. The test images are always `test_batch`, or `data.dataset.test`.",
    example: ["data.split={ kind: hold-out, validation: 5000 }"],
  },
  "data.split.kind": {
    meaning: joined("data.split"),
    example: ["data.split={ kind: hold-out, validation: 5000 }"],
  },
  "data.split.train": {
    meaning: "Kind `batches`: the batches to train on, in this order; none twice.",
    unit: "numbers of batches",
    example: ["data.split={ kind: batches, train: [1, 2, 3, 4], validation: [5] }"],
  },
  "data.split.validation": {
    meaning:
      "Kind `batches`: the batches to validate on, none of them in `train`. Kind `hold-out`: how many of the last training images are held out, of CIFAR-10 1 to 49,999.",
    unit: "numbers of batches, or images",
    example: ["data.split={ kind: hold-out, validation: 5000 }"],
  },
  "data.split.stratified": {
    meaning:
      "Kind `hold-out`: whether each class gives its share of what is held out, its last images, in place of the last of all. Left out, `true` for files and `false` for CIFAR-10. Runs of version 0.1 held out the last of all. Kind `fold`: whether each part has its share of every class, every `of`-th image of it; left out, `false`. `--folds` of a search sets it.",
    example: ["data.split={ kind: hold-out, validation: 5000, stratified: true }"],
  },
  "data.split.number": {
    meaning: "Kind `fold`: the part that is held out, of the images in order.",
    example: ["data.split={ kind: fold, number: 1, of: 5 }"],
  },
  "data.split.of": {
    meaning: "Kind `fold`: how many equal parts there are.",
    unit: "parts",
    example: ["data.split={ kind: fold, number: 1, of: 5 }"],
  },
  "data.preprocess": {
    meaning: "How a byte becomes a number. See [Preprocessing](#preprocessing).",
    example: ["data.preprocess=centre"],
  },
  "data.order": {
    meaning:
      "Mini-batches in file order, the same in every epoch; or from a new permutation of the training images before each epoch.",
    example: ["data.order=permuted"],
  },
  "data.orderSeed": {
    meaning:
      "Seed of the permutations; left out, the run's `seed`. Runs with different seeds and one `orderSeed` share their mini-batches.",
    example: ["data.orderSeed=1"],
  },
  "data.augment.flip": {
    meaning: "Probability that a training image is mirrored, left to right. See [Augmentation](#augmentation).",
    unit: "a probability",
    example: ["data.augment.flip=0.5"],
  },
  "data.augment.translate": {
    meaning: "Pixels by which it is moved at most, up or down and left or right; below its height and width.",
    unit: "pixels",
    example: ["data.augment.translate=3"],
  },
  "data.augment.border": {
    meaning:
      "What comes in where it is moved: the mean training image, the image's own nearest pixel, or black. `standardise` and `centre` make the mean 0.",
    example: ["data.augment={ translate: 3, border: edge }"],
  },
  "data.augment.jitter": {
    meaning: "Part by which brightness (of 255) and contrast (about the image's mean) change at most.",
    unit: "parts of 255, and of the contrast",
    example: ["data.augment.jitter=0.2"],
  },
  "data.augment.noise": {
    meaning: "Standard deviation of Gaussian noise on each number of a pixel, as a part of 255.",
    unit: "parts of 255",
    example: ["data.augment.noise=0.05"],
  },
  "data.augment.cutout": {
    meaning:
      "Side in pixels of a square that is covered with the mean training image; below the image's height and width.",
    unit: "pixels",
    example: ["data.augment.cutout=8"],
  },
  "data.augment.mixup": {
    meaning:
      "Mixes each image and its label with another's (Zhang et al. 2018), by a share of Beta(alpha, alpha); this is alpha, 0.05 at least, or 0 for none. Not with the loss `hinge`.",
    example: ["data.augment.mixup=0.2"],
  },
  "data.limit.train": {
    meaning: "Keeps only the first so many training images. A limit above their number keeps all.",
    unit: "images",
    example: ["data.limit.train=1000"],
  },
  "data.limit.validation": {
    meaning: "The same for the validation images.",
    unit: "images",
    example: ["data.limit.validation=1000"],
  },
  "data.limit.test": {
    meaning: "The same for the test images.",
    unit: "images",
    example: ["data.limit.test=1000"],
  },
  "network.hidden": {
    meaning: "Nodes of each hidden layer. `[]` is softmax regression.",
    unit: "nodes",
    example: ["network.hidden=[50, 30]"],
  },
  "network.activation": {
    meaning:
      "What a hidden node makes of its score; left out, `relu`. `gelu` is its tanh form. See [Activations](#activations).",
    example: ["network.activation=gelu"],
  },
  "network.slope": {
    meaning: "With `leaky-relu`: the slope below 0; left out, 0.01.",
    example: ["network.activation=leaky-relu", "network.slope=0.1"],
  },
  "network.residual": {
    meaning:
      "Whether every hidden layer but the first adds what it reads to what it makes of it; all hidden layers must have one width. See [Shortcuts](#shortcuts).",
    example: ["network.hidden=[50, 50]", "network.residual=true"],
  },
  "network.initialise": {
    meaning: "How the weights begin. Biases begin at 0; gamma and beta, where there are any, at 1 and 0.",
    example: ["network.initialise={ kind: he }"],
  },
  "network.initialise.kind": {
    meaning: joined("network.initialise"),
    example: ["network.initialise={ kind: he }"],
  },
  "network.initialise.sigma": {
    meaning: "Kind `normal`: the standard deviation.",
    example: ["network.initialise={ kind: normal, sigma: 0.01 }"],
  },
  "network.initialise.low": {
    meaning: "Kind `uniform`: the lower end, included.",
    example: ["network.initialise={ kind: uniform, low: -0.01, high: 0.01 }"],
  },
  "network.initialise.high": {
    meaning: "Kind `uniform`: the upper end, above `low`.",
    example: ["network.initialise={ kind: uniform, low: -0.01, high: 0.01 }"],
  },
  "network.initialise.gain": {
    meaning: "Kind `orthogonal`: what every length is multiplied by; √2 makes up for what a ReLU takes away.",
    example: ["network.initialise={ kind: orthogonal, gain: 1.4142 }"],
  },
  "network.batchNorm.place": {
    meaning: "Whether the scores are normalised, or what the ReLU, or another activation, makes of them.",
    example: ["network.batchNorm={ place: after-relu }"],
  },
  "network.batchNorm.layers": {
    meaning:
      "Which hidden layers are normalised: every one, or all but the last hidden one. The scores of the classes never are.",
    example: ["network.batchNorm={ layers: all-but-last }"],
  },
  "network.batchNorm.affine": {
    meaning: "Whether each normalised node learns a gain gamma and an offset beta.",
    example: ["network.batchNorm={ affine: false }"],
  },
  "network.batchNorm.eps": {
    meaning:
      "Added to the variance. Left out, what the precision allows: 1e-15 in f64, 1e-12 in f32. One that is not small beside the variances switches the normalisation off.",
    unit: "squares of scores",
    example: ["network.batchNorm={ eps: 1e-10 }"],
  },
  "network.batchNorm.alpha": {
    meaning: "What the moving averages of mean and variance keep of themselves at each update.",
    example: ["network.batchNorm={ alpha: 0.99 }"],
  },
  "network.batchNorm.averages": {
    meaning: "Whether the averages go on across epochs, or start each epoch anew from its first mini-batch.",
    example: ["network.batchNorm={ averages: reset }"],
  },
  "network.batchNorm.statistics": {
    meaning:
      "What measurements, and the model that is handed over, normalise by; left out, `running`. See [Batch normalisation](#batch-normalisation).",
    example: ["network.batchNorm={ statistics: precise }"],
  },
  "network.dropout": {
    meaning: "Probability that a node of a hidden layer is left out of an update, for each image anew.",
    unit: "a probability",
    example: ["network.dropout=0.2"],
  },
  "training.batch": {
    meaning: "Images of one update, at most the training images.",
    unit: "images",
    example: ["training.batch=50"],
  },
  "training.lambda": {
    meaning:
      "The penalty: cost = loss + lambda · (sum of all squared weights). No 1/2; biases, gamma and beta are not penalised.",
    unit: "nats per squared weight",
    example: ["training.lambda=0.001"],
  },
  "training.loss": {
    meaning: "What the scores are judged by; left out, softmax cross-entropy. See [Losses](#losses).",
    example: ["training.loss={ kind: sigmoid }"],
  },
  "training.loss.kind": {
    meaning: joined("training.loss"),
    example: ["training.loss={ kind: sigmoid }"],
  },
  "training.loss.smoothing": {
    meaning: "Kind `softmax`: label smoothing a; targets are 1 - a + a/K at the label and a/K at the others.",
    example: ["training.loss={ kind: softmax, smoothing: 0.1 }"],
  },
  "training.loss.over": {
    meaning: "Kind `sigmoid`: the mean over the K classes, the course's 1/K, or their sum.",
    example: ["training.loss={ kind: sigmoid, over: sum }"],
  },
  "training.loss.margin": {
    meaning: "Kind `hinge`: by how much the label's score must exceed the others.",
    unit: "scores",
    example: ["training.loss={ kind: hinge, margin: 1 }"],
  },
  "training.schedule": {
    meaning: "The learning rate `eta` of each update.",
    example: ["training.schedule={ kind: triangular, min: 1e-5, max: 0.1, halfCycle: 500 }"],
  },
  "training.schedule.kind": {
    meaning: "See [Schedules](#schedules).",
    example: ["training.schedule={ kind: cosine, max: 0.1, min: 1e-5 }", "training.cycles=", "training.epochs=10"],
  },
  "training.schedule.rate": {
    meaning: "Kinds `constant` and `step-decay`: the rate, or the first rate.",
    example: ["training.schedule={ kind: constant, rate: 0.01 }", "training.cycles=", "training.epochs=10"],
  },
  "training.schedule.factor": {
    meaning: "Kind `step-decay`: what the rate is multiplied by.",
    example: [
      "training.schedule={ kind: step-decay, rate: 0.01, factor: 0.95 }",
      "training.cycles=",
      "training.epochs=10",
    ],
  },
  "training.schedule.every": {
    meaning: "Kind `step-decay`: updates from one multiplication to the next; left out, an epoch.",
    unit: "updates",
    example: [
      "training.schedule={ kind: step-decay, rate: 0.01, factor: 0.1, every: 1000 }",
      "training.cycles=",
      "training.epochs=30",
    ],
  },
  "training.schedule.min": {
    meaning:
      "Kind `triangular`: the rate at the foot; not above `max`. Kinds `cosine` and `linear`: the rate at the end, not above `max`. Kind `ramp`: the first rate, above 0.",
    example: ["training.schedule={ kind: triangular, min: 1e-5, max: 0.1, halfCycle: 500 }"],
  },
  "training.schedule.max": {
    meaning:
      "Kind `triangular`: the rate at the peak. Kinds `cosine` and `linear`: the first rate. Kind `ramp`: the last rate, above 0.",
    example: ["training.schedule={ kind: triangular, min: 1e-5, max: 0.1, halfCycle: 500 }"],
  },
  "training.schedule.halfCycle": {
    meaning: "Kind `triangular`: updates of the way up, `min` to `max`; the n_s of the course.",
    unit: "updates",
    example: ["training.schedule={ kind: triangular, min: 1e-5, max: 0.1, halfCycle: 800 }", "training.cycles=3"],
  },
  "training.schedule.start": {
    meaning: "Kind `triangular`: the number t of the first update.",
    example: ["training.schedule={ kind: triangular, min: 1e-5, max: 0.1, halfCycle: 500, start: 1 }"],
  },
  "training.schedule.decay": {
    meaning:
      "Kind `triangular`: what the height of the peak above `min` is multiplied by after each cycle; left out, 1.",
    example: [
      "training.schedule={ kind: triangular, min: 1e-5, max: 0.1, halfCycle: 500, decay: 0.5 }",
      "training.cycles=3",
    ],
  },
  "training.schedule.cycle": {
    meaning: "Kind `cosine`: updates after which it begins anew at `max`; left out, the whole run.",
    unit: "updates",
    example: ["training.schedule={ kind: cosine, max: 0.1, min: 1e-5, cycle: 1000 }", "training.cycles=3"],
  },
  "training.schedule.warmup": {
    meaning:
      "Kinds `constant`, `step-decay`, `cosine` and `linear`: updates in which the rate climbs to what it would be.",
    unit: "updates",
    example: [
      "training.schedule={ kind: linear, max: 0.1, min: 0, warmup: 100 }",
      "training.cycles=",
      "training.epochs=10",
    ],
  },
  "training.update": {
    meaning: "The update rule.",
    example: ["training.update={ kind: momentum, rho: 0.9 }"],
  },
  "training.update.kind": {
    meaning:
      "See [Updates](#updates). `sgd`: `W <- W - eta (dL/dW + 2 lambda W)`, `b <- b - eta dL/db`, L the mean loss of the mini-batch. `momentum`: `v <- rho v + eta (dL/dW + 2 lambda W)`, `W <- W - v`, v beginning at 0, and the same for b without the penalty. gamma and beta as b.",
    example: ["training.update={ kind: adam }"],
  },
  "training.update.rho": {
    meaning:
      "Kinds `momentum` and `nesterov`: what a velocity keeps of itself at each update. Kind `rmsprop`: what the mean square keeps.",
    example: ["training.update={ kind: momentum, rho: 0.9 }"],
  },
  "training.update.velocities": {
    meaning: "Kind `momentum`: whether velocities go on across epochs, or go back to 0 before each.",
    example: ["training.update={ kind: momentum, velocities: reset }"],
  },
  "training.update.beta1": {
    meaning: "Kinds `adam` and `adamw`: what the running mean of a gradient keeps of itself at each update.",
    example: ["training.update={ kind: adam, beta1: 0.9 }"],
  },
  "training.update.beta2": {
    meaning: "Kinds `adam` and `adamw`: what the running mean of its square keeps.",
    example: ["training.update={ kind: adam, beta2: 0.99 }"],
  },
  "training.update.eps": {
    meaning: "Kinds `adam`, `adamw`, `adagrad` and `rmsprop`: added to the root that a step is divided by.",
    example: ["training.update={ kind: adam, eps: 1e-6 }"],
  },
  "training.average": {
    meaning:
      "Averages the weights over the updates; left out, the last update's count. See [Averaged weights](#averaged-weights).",
    example: ["training.average={ kind: ema }"],
  },
  "training.average.kind": {
    meaning: joined("training.average"),
    example: ["training.average={ kind: swa }"],
  },
  "training.average.decay": {
    meaning: "Kind `ema`: what the weights of an update count beside those of the next.",
    example: ["training.average={ kind: ema, decay: 0.99 }"],
  },
  "training.average.from": {
    meaning:
      "Kind `swa`: updates before the first weights that are averaged; left out, three quarters of the run, rounded up to a multiple of `every`.",
    unit: "updates",
    example: ["training.average={ kind: swa, from: 800 }"],
  },
  "training.average.fromCycle": {
    meaning: "Kind `swa`: the same, in cycles of the schedule.",
    unit: "cycles",
    example: ["training.average={ kind: swa, fromCycle: 1 }"],
  },
  "training.average.every": {
    meaning:
      "Kind `swa`: updates from one to the next; left out, a cycle of the schedule, or an epoch where it has none.",
    unit: "updates",
    example: ["training.average={ kind: swa, every: 100 }"],
  },
  "training.clip": {
    meaning:
      "The largest norm of a mini-batch's gradient of the loss, over all parameters: a longer gradient is shortened to it, before the penalty's part is added. [`derivations/clip.md`](derivations/clip.md).",
    example: ["training.clip=1"],
  },
  "training.costLimit": {
    meaning:
      "Ends the run as diverged when a measurement finds the cost on the training images above this many times the first one.",
    unit: "times the first cost",
    example: ["training.costLimit=3"],
  },
  "training.patience": {
    meaning:
      "Ends the run early when so many measurements in a row have not bettered its best accuracy on the validation images.",
    unit: "measurements",
    example: ["training.patience=10"],
  },
  "training.epochs": {
    meaning: "Length of the run in epochs.",
    unit: "epochs",
    example: ["training.cycles=", "training.epochs=10"],
  },
  "training.steps": {
    meaning: "Length of the run in updates.",
    unit: "updates",
    example: ["training.cycles=", "training.steps=1000"],
  },
  "training.cycles": {
    meaning:
      "Length in cycles of a `triangular` schedule, 2 · `halfCycle` updates each, or of a `cosine` one, `cycle` updates each. May be a fraction that ends on a whole update.",
    unit: "cycles",
    example: ["training.cycles=3"],
  },
  "evaluate.every": {
    meaning:
      "Updates between two measurements; left out, one epoch. `end`: measured once, after the last update, as a search's trials need it.",
    unit: "updates",
    example: ["evaluate.every=100"],
  },
  "evaluate.keep": {
    meaning:
      "Whose weights the run hands over: the last update's, or those of the measurement with the largest accuracy on the validation images, the first of equals. Its final numbers are those of these weights. The best of many looks at one set is optimistic: the document says among how many it was chosen, and the test images tell.",
    example: ["evaluate.keep=best"],
  },
  "evaluate.test": {
    meaning: "Whether the test images are measured, once, at the end.",
    example: ["evaluate.test=false"],
  },
};

/** `kind`: what it is. For each kind of `path`, as the row of its kinds says it. */
function joined(path: string): string {
  return Object.entries(kindDescriptions[path])
    .map(([kind, text]) => `\`${kind}\`: ${text}.`)
    .join(" ");
}
