/** Precision of a tensor's numbers. */
export type Dtype = "f32" | "f64";

/** A block of numbers on a device, row-major. Only the device that made it can look inside. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly size: number;
  readonly dtype: Dtype;
}

/**
 * Sums over many samples in double precision, whatever the tensors are: [rows, members, sums]. Only the device that made it
 * can look inside.
 */
export interface Tally {
  readonly rows: number;
  readonly members: number;
  readonly sums: number;
}

/**
 * What a product's multiply-adds are: "fused" ones round once, "separate" ones after the multiplication too. The only
 * thing in which two engines' numbers may differ, but for GPUs: theirs are "unspecified", and a GPU has its own bits.
 */
export type Arithmetic = "fused" | "separate" | "unspecified";

/** Images and labels resident on a device as bytes. */
export interface ImageSet {
  /** Images. */
  readonly count: number;
  /** Bytes of one image. */
  readonly dimension: number;
}

/** x = byte * scale + shift, per dimension; both [dimension]. */
export interface Standardisation {
  readonly scale: Tensor;
  readonly shift: Tensor;
}

/**
 * Where a gradient goes: target <- alpha * gradient + beta * base, with one alpha and beta a member.
 * With base = target = W, alpha = -eta and beta = 1 - 2 eta lambda this is a whole SGD step.
 */
export interface Into {
  readonly target: Tensor; // written; may be `base`
  readonly alpha: Float64Array; // [members]
  readonly beta: Float64Array; // [members]; where it is 0, `base` is not read
  readonly base: Tensor;
}

/** One number a member: w <- keep w - rate d / (sqrt(correction v) + eps). */
interface RootFactors {
  readonly keep: Float64Array; // [members]
  readonly rate: Float64Array; // [members]
  readonly correction: Float64Array; // [members]
  readonly eps: Float64Array; // [members]
}

/**
 * A loss other than softmax cross-entropy with one right class. `smoothed`: softmax cross-entropy whose targets have
 * 1 - smoothing at the label, and smoothing shared out among all classes. `sigmoid`: a binary cross-entropy for each class,
 * their sum times `weight`. `hinge`: the sum over the other classes of max(0, s_k - s_y + margin).
 */
export type ClassLoss =
  | { readonly kind: "smoothed"; readonly smoothing: number }
  | { readonly kind: "sigmoid"; readonly weight: number }
  | { readonly kind: "hinge"; readonly margin: number };

/** Targets of two labels: `share` of the first, what is left of 1 of the second. The hinge has none. */
export interface Mixture {
  readonly labels: Tensor; // [1, 1, n]: the second
  readonly share: Tensor; // [1, 1, n]
}

/**
 * What a node makes of its score, other than max(0, s). `leaky-relu`: s above 0, else slope s. `gelu`: in its tanh form,
 * s (1 + tanh(sqrt(2 / pi) (s + 0.044715 s^3))) / 2. `tanh`: the hyperbolic tangent.
 */
export type Activation =
  | { readonly kind: "leaky-relu"; readonly slope: number }
  | { readonly kind: "gelu" }
  | { readonly kind: "tanh" };

/** Streams of numbers in [0, 1), one a member (`random/stream.ts`), and below which of them a node is left out. */
export interface Dropout {
  readonly keys: Uint32Array; // [members, 2]
  readonly indices: readonly [number, number];
  readonly rates: Float64Array; // [members]
}

/** Mean and biased variance of each feature of each member, both [members, out, 1]. */
export interface Statistics {
  readonly mean: Tensor;
  readonly variance: Tensor;
}

/** y = gamma x + beta, feature by feature, both [members, out, 1]. */
export interface Affine {
  readonly gamma: Tensor;
  readonly beta: Tensor;
}

/**
 * What computes: some twenty-five coarse kernels over populations of networks.
 *
 * Layout is [member, feature, sample], samples contiguous; weights are [member, out, in]. A tensor with one member
 * stands for all members where a kernel says "shared". Kernels write or add to their first arguments, return
 * nothing and may be queued in order; only `read` and `readTally` wait. The meaning of each is the `reference` device.
 */
export interface Device {
  readonly name: string;
  readonly dtype: Dtype;
  readonly arithmetic: Arithmetic;
  /** What it found to run on, e.g. `relaxed SIMD, 1 thread`. */
  readonly details: string;
  /** Whether reading back takes longer than many kernels do: then a loop queues several steps between two looks. */
  readonly readsSlowly?: true;

  /** A tensor of zeros. */
  tensor(shape: readonly number[]): Tensor;
  /**
   * A tensor [1, dimension, n] for batches: filled only by `gather` and `write`, so a device may keep it as it likes best.
   * One that only `affine` reads ("measure") may be kept once where one for training is kept twice.
   */
  batch(dimension: number, n: number, purpose?: "train" | "measure"): Tensor;
  /** The first numbers of `of` under another shape; shares its memory. */
  view(of: Tensor, shape: readonly number[]): Tensor;
  /** A tally of zeros. One of several rows has a row for each step, and is read when they are made. */
  tally(members: number, sums: number, rows?: number): Tally;
  /** One row of a tally; shares its memory. */
  tallyRow(of: Tally, row: number): Tally;
  /** Returns the memory of a tensor, batch or tally; it and its views must not be used again. */
  free(memory: Tensor | Tally): void;
  write(target: Tensor, values: ArrayLike<number>): void;
  /** A copy of the numbers, in the tensor's own precision. */
  read(tensor: Tensor): Promise<Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>>;
  /** Sets a tally to zeros, in order with the kernels that add to it. */
  clear(tally: Tally): void;
  /** The sums, [rows, members, sums]. */
  readTally(tally: Tally): Promise<Float64Array<ArrayBuffer>>;
  /** Bytes that `upload` need not copy, where the device's memory is the program's too. */
  reserve(bytes: number): Uint8Array<ArrayBuffer>;
  /** Returns reserved bytes, all of one `reserve`, when no images lie there any more. */
  unreserve(bytes: Uint8Array): void;
  /** Makes images [count, dimension] and labels [count] resident; images that were reserved stay where they are. */
  upload(images: Uint8Array, labels: Uint8Array): ImageSet;
  /** Returns the memory of images, but not of reserved bytes; they must not be used again. */
  release(images: ImageSet): void;
  /** Releases everything. */
  close(): void;

  /**
   * x[0, f, j] = standardised byte f of image rows[j]; labels[0, 0, j] = its label. A device may do so only when x is
   * read: until then, `from` and `standardisation` stay as they are. `next` is a hint: the rows that x will hold next.
   */
  gather(
    x: Tensor, // written [1, dimension, n]: a `batch`, or a view of one
    labels: Tensor, // written [1, 1, n]
    from: ImageSet,
    rows: Uint32Array, // [n]
    standardisation: Standardisation,
    next?: Uint32Array,
  ): void;

  /** S = W X + b 1^T. */
  affine(
    s: Tensor, // written [members, out, n]
    w: Tensor, // [members, out, in]
    x: Tensor, // [members or shared, in, n]
    b: Tensor, // [members, out, 1]
  ): void;

  /** dX = W^T dS. */
  transposeProduct(
    dx: Tensor, // written [members, in, n]
    w: Tensor, // [members, out, in]
    ds: Tensor, // [members, out, n]
  ): void;

  /** Into <- dS X^T. */
  outerProduct(
    into: Into, // target written [members, out, in]
    ds: Tensor, // [members, out, n]
    x: Tensor, // [members or shared, in, n]
  ): void;

  /** Into <- dS 1: the sum over samples. */
  sampleSum(
    into: Into, // target written [members, out, 1]
    ds: Tensor, // [members, out, n]
  ): void;

  /** h = max(0, s); NaN stays NaN. */
  relu(
    h: Tensor, // written, any shape; may be `s`
    s: Tensor,
  ): void;

  /** ds = dh where h > 0, else 0. */
  reluGradient(
    ds: Tensor, // written, any shape; may be `dh`
    dh: Tensor,
    h: Tensor,
  ): void;

  /** h = f(s), f one of the other activations; NaN stays NaN. */
  activate(
    h: Tensor, // written, any shape; may be `s`
    s: Tensor,
    activation: Activation,
  ): void;

  /** ds = dh f'(s). */
  activationGradient(
    ds: Tensor, // written, any shape; may be `dh`
    dh: Tensor,
    from: Tensor, // h of the leaky ReLU, s of GELU and tanh
    activation: Activation,
  ): void;

  /**
   * Normalises each feature over the samples: normalised = (s - mean) / sqrt(variance + eps) with the samples' own mean and
   * biased variance; y = gamma normalised + beta, or normalised where there is no affine map.
   */
  batchNorm(
    y: Tensor, // written [members, out, n]; may be `s`
    normalised: Tensor, // written [members, out, n]
    statistics: Statistics, // written
    s: Tensor, // [members, out, n]
    affine: Affine | undefined,
    eps: number,
  ): void;

  /** The same with a mean and a variance that are given. */
  normalise(
    y: Tensor, // written [members, out, n]; may be `s`
    s: Tensor, // [members, out, n]
    statistics: Statistics,
    affine: Affine | undefined,
    eps: number,
  ): void;

  /** dS = gamma / sqrt(variance + eps) (dY - mean(dY) - normalised mean(dY normalised)), means over the samples. */
  batchNormGradient(
    ds: Tensor, // written [members, out, n]; may be `dy`
    dy: Tensor, // [members, out, n]
    normalised: Tensor, // [members, out, n]
    variance: Tensor, // [members, out, 1]
    gamma: Tensor | undefined, // [members, out, 1]; 1 where absent
    eps: number,
  ): void;

  /** Into <- the sum over samples of a b. */
  sampleProductSum(
    into: Into, // target written [members, out, 1]
    a: Tensor, // [members, out, n]
    b: Tensor, // [members, out, n]
  ): void;

  /** out = a b, number by number. */
  multiply(
    out: Tensor, // written, any shape; may be `a` or `b`
    a: Tensor,
    b: Tensor,
  ): void;

  /**
   * p = softmax of each column of s. Adds to each member's tally [sum of -log p_y, number of samples whose
   * largest score is the label's]. Finite for any scores whose differences are; ties go to the first class, NaN is never correct.
   */
  softmaxCrossEntropy(
    p: Tensor, // written [members, classes, n]; may be `s`
    tally: Tally, // added to, [1, members, 2]
    s: Tensor, // [members, classes, n]
    labels: Tensor, // [1, 1, n]
  ): void;

  /** dS = (P - Y) / n, Y one-hot. */
  softmaxCrossEntropyGradient(
    ds: Tensor, // written [members, classes, n]; may be `p`
    p: Tensor,
    labels: Tensor, // [1, 1, n]
  ): void;

  /**
   * Adds to each member's tally [sum of the loss, number of samples whose largest score is the label's]. p is what
   * `classLossGradient` needs: softmax(s), sigmoid(s), or of the hinge 1 for each class within the margin and less their
   * number for the label.
   */
  classLoss(
    p: Tensor, // written [members, classes, n]; may be `s`
    tally: Tally, // added to, [1, members, 2]
    s: Tensor, // [members, classes, n]
    labels: Tensor, // [1, 1, n]
    loss: ClassLoss,
    mixture?: Mixture,
  ): void;

  /** dS: (P - T) / n, T the targets; weight (P - Y) / n; or P / n. */
  classLossGradient(
    ds: Tensor, // written [members, classes, n]; may be `p`
    p: Tensor,
    labels: Tensor, // [1, 1, n]
    loss: ClassLoss,
    mixture?: Mixture,
  ): void;

  /** Adds each member's sum of squares. */
  squareSum(
    tally: Tally, // added to, [1, members, 1]
    w: Tensor, // [members, ...]
  ): void;

  /** Into <- G, entry by entry: the plain form of an update rule. */
  combine(
    into: Into,
    g: Tensor, // the target's shape
  ): void;

  /** Into <- G G, entry by entry: what a running mean or sum of squares takes in. */
  combineSquares(
    into: Into,
    g: Tensor, // the target's shape
  ): void;

  /** w <- keep w - rate d / (sqrt(correction v) + eps), entry by entry: what rules with a rate for each weight leave to do. */
  rootStep(
    w: Tensor, // written [members, ...]
    d: Tensor, // its shape
    v: Tensor, // its shape, from 0
    factors: RootFactors,
  ): void;

  /** g <- g min(1, limit / sqrt(squares)), member by member; a member whose sum is no number keeps its g. */
  clip(
    g: Tensor, // written [members, ...]
    squares: Tally, // [1, members, 1]
    limit: Float64Array, // [members]
  ): void;

  /** Which nodes are left out of a step: 0 where a number of a member's stream is below its rate, else 1 / (1 - rate). */
  drop(
    mask: Tensor, // written [members, ...]
    dropout: Dropout,
  ): void;

  /** v <- v + pull w, then w <- w - v: what momentum leaves to do when a gradient is in its velocity. */
  followVelocity(
    w: Tensor, // written [members, ...]
    v: Tensor, // written, its shape
    pull: Float64Array, // [members]
  ): void;
}

/** What of a device keeps numbers, and computes none. */
export type DeviceStorage = Pick<
  Device,
  | "tensor"
  | "batch"
  | "view"
  | "tally"
  | "tallyRow"
  | "free"
  | "write"
  | "read"
  | "clear"
  | "readTally"
  | "reserve"
  | "unreserve"
  | "upload"
  | "release"
>;
