// A search that you train yourself: ask for the next trial, tell what came of it.
// `gradus search` does the same with trials side by side, kept in a store.
import { createStudy, type Dataset, openTrainer, outcome } from "gradus";

// Points in a plane, three classes in a row.
function points(seed: number, count: number): Dataset {
  let state = seed;
  const random = () => (state = (state * 16807) % 2147483647) / 2147483647;
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 3);
  const images = Uint8Array.from({ length: 2 * count }, (_, i) =>
    i % 2 === 0 ? 60 + 60 * labels[i >> 1] + 50 * (random() - 0.5) : 255 * random(),
  );
  return { name: "points", images, labels, count, dimension: 2, classes: ["left", "middle", "right"] };
}

const data = { train: points(1, 300), validation: points(2, 300), test: points(3, 300) };
const spec = {
  data: { preprocess: "scale" as const },
  network: { hidden: [8] },
  training: { batch: 30, epochs: 3, schedule: { kind: "constant" as const, rate: 0.1 } },
  device: "wasm",
};

const study = createStudy({
  spec,
  vary: { "training.schedule.rate": { kind: "log", low: 1e-3, high: 3 } },
  stages: [{ sampler: { kind: "tpe", trials: 16 } }],
});

// One thread trains all trials; `train` would start one for each.
const trainer = openTrainer();
for (const trial of study.ask()) {
  const rate = Number(trial.setting["training.schedule.rate"]);
  const training = { ...spec.training, schedule: { kind: "constant" as const, rate } };
  const { runs } = await outcome(trainer.train({ ...spec, training }, { data }));
  study.tell(trial, runs[0].final?.validation.accuracy ?? Number.NaN, data.validation.count);
}
await trainer.close();

const { order, indistinguishable } = study.conclusion();
const rateOf = (number: number) =>
  Number(study.state().trials[number].setting["training.schedule.rate"]).toPrecision(2);
const rates = indistinguishable.trials.map(rateOf).sort((a, b) => Number(a) - Number(b));
console.log(`${order.length} trials; the best rate: ${rateOf(order[0])}`);
console.log(`cannot be told from it: ${rates.length} rates, ${rates[0]} to ${rates[rates.length - 1]}`);

// One seed a setting and 300 images: the study says what they leave open, not which rate is "the best".
//
// Printed:
// 16 trials; the best rate: 0.60
// cannot be told from it: 5 rates, 0.45 to 0.84
