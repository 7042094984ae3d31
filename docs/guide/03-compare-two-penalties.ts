// 3. Compare two penalties
//
// Runs that share their mini-batches can be trained side by side, as one population. These two also share the seed, so
// they begin with the same weights and see the same images in the same order: only lambda tells them apart.

import { outcome, type SpecInput, train } from "gradus";

const withPenalty = (lambda: number): SpecInput => ({
  name: `lambda ${lambda}`,
  data: { limit: { train: 1000, validation: 1000 } },
  training: { lambda, schedule: { kind: "constant", rate: 0.05 }, epochs: 20 },
  evaluate: { every: 200, test: false },
  dtype: "f64",
});

// `outcome` runs a training to its end and folds its events into one state a run.
const { runs, weights } = await outcome(train([withPenalty(0), withPenalty(0.1)]));

for (const [member, { spec, final }] of runs.entries()) {
  if (final === undefined) continue;
  const { train, validation } = final;
  const squares = Array.from(weights[member].W1.values, (w) => w * w).reduce((sum, square) => sum + square);
  console.log(spec.name);
  console.log(`  loss: training ${train.loss.toFixed(2)}, validation ${validation.loss.toFixed(2)}`);
  console.log(`  cost: training ${train.cost.toFixed(2)}, validation ${validation.cost.toFixed(2)}`);
  console.log(`  sum of the squared weights of the first layer: ${squares.toFixed(1)}`);
}

// Without a penalty the network fits its thousand images ever more closely, and is ever more sure of its errors on
// others. The penalty keeps the weights small and the two losses nearer to each other. The cost is the loss plus lambda
// times the sum of all squared weights; where lambda is 0 the two are the same.
//
// Printed:
// lambda 0
//   loss: training 0.34, validation 2.29
//   cost: training 0.34, validation 2.29
//   sum of the squared weights of the first layer: 60.9
// lambda 0.1
//   loss: training 1.33, validation 1.85
//   cost: training 1.89, validation 2.42
//   sum of the squared weights of the first layer: 3.3
