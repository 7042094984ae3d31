// 2. Check the gradients
//
// Every gradient of Gradus is derived by hand (docs/derivations/). Before trusting one, compare it with a numeric
// gradient, which needs nothing but the cost: move one entry of a parameter a little each way and see how the cost
// changes. `checkGradients` does so for every entry of small networks, in double precision.

import { checkGradients } from "gradus";

const { passed, tolerance, parameters } = await checkGradients({ layers: [2, 3], lambda: [0.1] });

// One row a parameter. `maxRelative` is the largest |analytic - numeric| / (|analytic| + |numeric|) of its entries;
// a parameter has passed when that is below `tolerance`.
console.log(`tolerance ${tolerance}`);
for (const { name, layers, shape, kinks, passed } of parameters) {
  const entries = shape.reduce((product, extent) => product * extent, 1);
  const compared = `${entries - kinks.length} of ${entries} entries compared`;
  console.log(`${layers} layers, ${name}: ${compared}, ${passed ? "agrees" : "disagrees"}`);
}
console.log(passed ? "every gradient agrees" : "a gradient is wrong");

// Not every entry is compared. Where moving it switches a hidden node on or off, the cost has a corner, and there the
// numeric gradient is wrong, not the analytic one. Such an entry is a kink: it is named and left out.
//
// Printed:
// tolerance 1e-7
// 2 layers, W1: 191 of 200 entries compared, agrees
// 2 layers, b1: 9 of 10 entries compared, agrees
// 2 layers, W2: 100 of 100 entries compared, agrees
// 2 layers, b2: 10 of 10 entries compared, agrees
// 3 layers, W1: 200 of 200 entries compared, agrees
// 3 layers, b1: 10 of 10 entries compared, agrees
// 3 layers, W2: 100 of 100 entries compared, agrees
// 3 layers, b2: 10 of 10 entries compared, agrees
// 3 layers, W3: 100 of 100 entries compared, agrees
// 3 layers, b3: 10 of 10 entries compared, agrees
// every gradient agrees
