// 1. Train a network
//
// A run is described by a spec: plain data that says which images, which network, which learning rates, how long.
// Only the schedule and the length must be given; docs/spec.md lists the other keys and their defaults.
//
// This reads CIFAR-10 from the folder that `npx gradus data fetch` fills. Run it with
// `node --conditions=gradus-source docs/guide/01-train-a-network.ts`.

import { type SpecInput, train } from "gradus";

const spec: SpecInput = {
  data: { limit: { train: 1000, validation: 1000, test: 1000 } }, // the first thousand of each, to be quick
  network: { hidden: [50] },
  training: {
    batch: 100,
    lambda: 0.01,
    schedule: { kind: "triangular", min: 1e-5, max: 0.1, halfCycle: 50 }, // up in 50 updates, down in 50
    cycles: 1,
  },
  evaluate: { every: 25 },
  dtype: "f64", // so that every machine prints the same digits; f32 is faster and serves as well
};

// `train` yields what happens; this loop decides what becomes of it. To stop early, `break`.
for await (const event of train(spec)) {
  if (event.kind === "started") {
    console.log(`${event.parameters} parameters, ${event.steps} updates`);
  }
  if (event.kind === "measured") {
    const { step, learningRate, train, validation } = event.measurement;
    const losses = `training loss ${train.loss.toFixed(2)}, validation loss ${validation.loss.toFixed(2)}`;
    console.log(`update ${step}: rate ${learningRate.toFixed(3)}, ${losses}`);
  }
  if (event.kind === "finished" && event.final.test !== undefined) {
    console.log(`${(100 * event.final.test.accuracy).toFixed(1)} % of the test images are classified correctly`);
  }
}

// The loss begins near ln 10 = 2.30, that of ten equal probabilities. A network with 154 parameters an image soon
// learns its images by heart: the training loss falls on, the validation loss hardly follows.
//
// Printed:
// 154160 parameters, 100 updates
// update 0: rate 0.000, training loss 2.39, validation loss 2.44
// update 25: rate 0.050, training loss 1.74, validation loss 2.07
// update 50: rate 0.100, training loss 1.46, validation loss 2.16
// update 75: rate 0.050, training loss 1.00, validation loss 1.98
// update 100: rate 0.002, training loss 0.85, validation loss 1.92
// 33.5 % of the test images are classified correctly
