import type { Published } from "./experiment.ts";
import { expected, twoLayer, unstatedTwoLayer } from "./two-layer.ts";

export const published001E6: Published = {
  id: "001-E6",
  title: "The best classifier, trained ten times",
  reported: { testAccuracy: 0.56, lambda: 0.4137 },
  shows: "a test accuracy of 56 %, and curves.",
  unstated: [
    ...unstatedTwoLayer,
    {
      what: "images, n_s and cycles",
      taken: "49,000 to train, 1000 to validate, n_s 980, three cycles: as the other reports",
    },
    { what: '"trained the model 10 times"', taken: "ten seeds, their mean" },
  ],
  fault:
    '"lambda = 0.4137" is a validation accuracy of the search, quoted as its lambda: with it training collapses. ' +
    "With the lambda meant, 50 nodes reach 51 to 52.5 % as in every other report; how 56 % came about (a mean, a " +
    "maximum, an ensemble, training that went on) is not said.",
  variants: [
    {
      name: "as-intended",
      kind: "training",
      runs: 10,
      spec: twoLayer({
        name: "001-E6",
        lambda: 6.861844223554064e-5,
        halfCycle: 980,
        cycles: 3,
        held: 1000,
        every: 980,
      }),
      numbers: [
        { ...expected.final, low: 0.55, high: 0.57, reported: 0.56, because: "the reported accuracy and a point" },
      ],
    },
    {
      name: "as-reported",
      differs: "lambda .4137",
      kind: "training",
      spec: twoLayer({ name: "001-E6", lambda: 0.4137, halfCycle: 980, cycles: 3, held: 1000, every: 980 }),
      numbers: [
        { ...expected.final, low: 0.55, high: 0.57, reported: 0.56, because: "the reported accuracy and a point" },
      ],
    },
  ],
};
