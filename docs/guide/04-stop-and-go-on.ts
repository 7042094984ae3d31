// 4. Stop, and go on
//
// A checkpoint is the whole state of a training between two updates: weights, velocities, running statistics and the
// number of the update. Everything else, the order of the images for one, follows from the spec. A training that goes
// on from a checkpoint therefore ends as if it had never stopped.

import {
  type Checkpoint,
  classify,
  decodeCheckpoint,
  decodeModel,
  encodeCheckpoint,
  loadSplit,
  outcome,
  parseSpec,
  train,
} from "gradus";

const spec = parseSpec({
  device: "wasm",
  dtype: "f64",
  data: { order: "permuted", limit: { train: 2000, validation: 500, test: 1000 } },
  network: { hidden: [50], batchNorm: {} },
  training: { schedule: { kind: "constant", rate: 0.02 }, update: { kind: "momentum", rho: 0.9 }, epochs: 6 },
});

// The whole training, which takes a checkpoint every 50 updates and leaves its model.
let atFifty: readonly Checkpoint[] = [];
let file = new Uint8Array();
const checkpoints = { steps: 50 };
const onModels = ([model]: readonly Uint8Array[]) => {
  file = Uint8Array.from(model);
};
const whole = await outcome(train(spec, { checkpoints, onModels }), (event) => {
  if (event.kind === "checkpoint" && event.step === 50) atFifty = event.checkpoints;
});

// A checkpoint becomes a file and comes back; what has changed on the way is refused.
const bytes = await encodeCheckpoint(atFifty[0]);
const resumed = await outcome(train(spec, { resume: [await decodeCheckpoint(bytes, "checkpoint")] }));
console.log(`after update ${atFifty[0].step} of ${whole.runs[0].steps}: ${Object.keys(atFifty[0].tensors).join(", ")}`);
console.log(`ends the same: ${resumed.runs[0].weightsSha256 === whole.runs[0].weightsSha256}`);

// The model is a thing of its own: from the bytes of images to probabilities.
const model = await decodeModel(file, "model");
const { test } = await loadSplit(spec);
const probabilities = await classify(model, test.images, { device: "wasm" });
const isRight = Array.from(test.labels, (label, image) => {
  const imageProbabilities = probabilities.subarray(image * model.classes.length, (image + 1) * model.classes.length);
  return imageProbabilities.indexOf(Math.max(...imageProbabilities)) === label;
});
console.log(
  `right: ${isRight.filter(Boolean).length} of ${test.count}, as measured: ${whole.runs[0].final?.test?.accuracy}`,
);

// Printed:
// after update 50 of 120: W1, b1, gamma1, beta1, W2, b2, mean1, variance1, velocity.W1, velocity.b1, velocity.gamma1, velocity.beta1, velocity.W2, velocity.b2
// ends the same: true
// right: 358 of 1000, as measured: 0.358
