import { stream } from "../math/random/stream.ts";
import { schemaComment } from "./schema-comment.ts";

/** What `gradus init` can write: files by their names, of which `spec.yaml` is to be trained first. */
export interface Template {
  readonly title: string;
  /** What the README says between its title and its end: the commands. */
  readonly text: string;
  readonly files: () => Readonly<Record<string, string>>;
}

const head = (text: string) =>
  `${schemaComment}\n# ${text}\n# \`gradus spec KEY\` explains a key; every key of a spec: docs/spec.md.\n`;

const cifar = `data:
  dataset: cifar-10 # fetched on first use
  split: { kind: batches, train: [1], validation: [2] } # data_batch_1 trains, data_batch_2 validates, test_batch tests
  preprocess: standardise # x/255, minus the mean, divided by the standard deviation of the training images
`;

const softmax = `${head("Assignment 1: softmax regression, one layer.")}name: softmax
seed: 1
${cifar}  order: permuted # or sequential: mini-batches in file order
network:
  hidden: [] # no hidden layer
  initialise: { kind: normal, sigma: 0.01 } # W ~ N(0, 0.01²), b = 0
training:
  batch: 100 # images of one update
  lambda: 0 # cost = loss + lambda * (sum of all squared weights); then 0.1, then 1
  schedule: { kind: constant, rate: 0.001 } # eta; 0.1 is too large: try it
  epochs: 40
evaluate:
  test: true # the test images are measured once, at the end
`;

const twoLayers = `${head("Assignment 2: two layers, a cyclical learning rate, one cycle.")}name: two-layers
seed: 1
${cifar}network:
  hidden: [50] # nodes of the hidden layer
  initialise: { kind: fan-in } # W ~ N(0, 1/inputs), b = 0
training:
  batch: 100
  lambda: 0.01
  schedule:
    kind: triangular # up from min to max, and down again
    min: 1.0e-5
    max: 0.1
    halfCycle: 500 # n_s, in updates; then 800, with cycles: 3
  cycles: 1
evaluate:
  every: 100 # updates between two measurements
`;

const search = `# Which lambda? Coarse to fine: a grid over four decades, then a second one around the best three.
name: lambda
spec:
  data:
    split: { kind: hold-out, validation: 5000 } # all five batches but 5,000 images
  network:
    hidden: [50]
  training:
    schedule: { kind: triangular, min: 1.0e-5, max: 0.1, halfCycle: 900 } # 2 * (45,000 / 100)
    cycles: 1
  evaluate:
    every: end
vary:
  training.lambda: { kind: log, low: 1.0e-5, high: 0.1 }
stages:
  - sampler: { kind: grid }
    count: 8
  - sampler: { kind: grid }
    count: 6
    narrow: { rule: top, count: 3, widen: 0.5 }
final: # gradus search --final lambda
  data.split: { kind: hold-out, validation: 1000 }
  training.cycles: 3
`;

const layers = (name: string, normalised: boolean) => `${head(
  `Assignment 3: three layers, ${normalised ? "with" : "without"} batch normalisation.`,
)}name: ${name}
seed: 1
data:
  split: { kind: hold-out, validation: 5000 } # all five batches, the last 5,000 images for validation
  preprocess: standardise
  order: permuted # a new order before each epoch
network:
  hidden: [50, 50] # for nine layers: [50, 30, 20, 20, 10, 10, 10, 10]
  initialise: { kind: he } # W ~ N(0, 2/inputs); for the sensitivity: { kind: normal, sigma: 0.1 }, 0.001, 0.0001
${normalised ? "  batchNorm: { place: before-relu, alpha: 0.9 } # of the scores, before the ReLU\n" : "  # batchNorm: {} # normalises the hidden layers: with-norm.yaml\n"}training:
  batch: 100
  lambda: 0.005
  schedule: { kind: triangular, min: 1.0e-5, max: 0.1, halfCycle: 2250 } # n_s = 5 * 45,000 / 100
  cycles: 2
`;

const ownData = `${head("Data of your own: this begins with the small files beside it, and trains at once.")}name: own-data
seed: 1
data:
  dataset:
    train: [train.csv] # CSV, .npz, .mat, idx, pickle, or a folder with a folder of pictures for each class
    test: test.csv # without it, evaluate.test must be false
    label: class # the column that holds the labels; a folder of pictures needs none
  split: { kind: hold-out, validation: 60 } # of each class its share
  preprocess: standardise
  order: permuted
network:
  hidden: [20]
  initialise: { kind: he }
training:
  batch: 20
  lambda: 0.001
  schedule: { kind: constant, rate: 0.02 }
  epochs: 20
`;

/** Pictures of 8 by 8 pixels with stripes across, stripes down or a chequerboard, and noise: a row each, its class first. */
function stripes(rows: number, seed: number): string {
  const noise = stream(seed, "own-data").normal(0, 60, rows * 64);
  const classes = ["across", "down", "chequered"];
  const lines = Array.from({ length: rows }, (_, row) => {
    const pixels = Array.from({ length: 64 }, (_, at) => {
      const [y, x] = [Math.floor(at / 8), at % 8];
      const isLight = [y, x, x + y][row % 3] % 2 === 0;
      return Math.round(Math.min(255, Math.max(0, (isLight ? 150 : 105) + noise[row * 64 + at])));
    });
    return [classes[row % 3], ...pixels].join(",");
  });
  const header = ["class", ...Array.from({ length: 64 }, (_, at) => `pixel${at}`)].join(",");
  return `${[header, ...lines].join("\n")}\n`;
}

const checkText = "gradus check --layers";

export const templates: Readonly<Record<string, Template>> = {
  a1: {
    title: "Assignment 1: softmax regression",
    text: `    ${checkText} 1                                        # the gradients, analytic against numeric
    gradus train spec.yaml --tag a1                            # lambda 0, eta 0.001
    gradus train spec.yaml --tag a1 --set training.schedule.rate=0.1
    gradus train spec.yaml --tag a1 --set training.lambda=0.1
    gradus train spec.yaml --tag a1 --set training.lambda=1
    gradus compare --tag a1                                    # what they came to, with intervals
    gradus report --tag a1 --title "Assignment 1"              # report.html: curves, weights as images, the check

Your own gradients: \`gradus check --against mine.npz\` says which term is wrong.`,
    files: () => ({ "spec.yaml": softmax }),
  },
  a2: {
    title: "Assignment 2: two layers, a cyclical learning rate",
    text: `    ${checkText} 2 --inputs cifar-10                      # the gradients on real pixels
    gradus overfit spec.yaml                                   # can it learn 100 images by heart?
    gradus train spec.yaml --tag a2                            # one cycle, n_s = 500
    gradus train spec.yaml --tag a2 --set training.schedule.halfCycle=800 --set training.cycles=3
    gradus search lambda.yaml --report lambda.html             # coarse to fine
    gradus search --final lambda                               # the best, on all but 1,000 images
    gradus report --tag a2 --title "Assignment 2"`,
    files: () => ({ "spec.yaml": twoLayers, "lambda.yaml": search }),
  },
  a3: {
    title: "Assignment 3: k layers and batch normalisation",
    text: `    ${checkText} 2,3,4 --batch-norm                       # gamma and beta too
    gradus train spec.yaml --tag a3                            # three layers without batch norm
    gradus train with-norm.yaml --tag a3                       # and with it
    gradus train with-norm.yaml --tag a3 --set "network.initialise={ kind: normal, sigma: 0.0001 }"
    gradus train spec.yaml --tag a3 --set "network.initialise={ kind: normal, sigma: 0.0001 }"
    gradus compare --tag a3
    gradus report --tag a3 --title "Assignment 3"              # with and without, on one axis

The assignment 3 of 2025/26, a patchified ConvNet, is not this one: Gradus has no convolutions.`,
    files: () => ({ "spec.yaml": layers("three-layers", false), "with-norm.yaml": layers("three-layers-norm", true) }),
  },
  "own-data": {
    title: "Data of your own",
    text: `    gradus data info train.csv --label class                   # what is in a file
    gradus train spec.yaml --report report.html                # trains on the files here
    gradus predict latest test.csv                             # what the model says of images

Put your own file or folder in the place of train.csv and test.csv in spec.yaml: docs/data-files.md says what may stand
there. The two files here are pictures of 8 by 8 pixels with stripes, made by \`gradus init\`.`,
    files: () => ({ "spec.yaml": ownData, "train.csv": stripes(360, 1), "test.csv": stripes(90, 2) }),
  },
};
