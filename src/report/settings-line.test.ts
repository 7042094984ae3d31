import { expect, test } from "vitest";
import { parseSpec } from "../record/parse-spec.ts";
import { settingsLine } from "./settings-line.ts";

const cycle = { schedule: { kind: "triangular", min: 1e-5, max: 0.1, halfCycle: 800 }, cycles: 3 } as const;

test("a caption says network, penalty, rate, length, batch and seeds", () => {
  const spec = parseSpec({ training: { ...cycle, lambda: 0.01 } });
  expect(settingsLine(spec)).toBe("3072-50-10, λ = 0.01, η 1e-5 to 0.1, n_s = 800, 3 cycles, batch 100, seed 1");
  expect(settingsLine(spec, [1, 2, 3, 4, 5])).toMatch(/, seeds 1 to 5$/);
  expect(settingsLine(spec, [1, 3])).toMatch(/, seeds 1, 3$/);
});

test("and what else makes a network or a rate another", () => {
  const spec = parseSpec({
    network: { hidden: [50, 20], batchNorm: {}, dropout: 0.2 },
    training: { update: { kind: "momentum" }, schedule: { kind: "step-decay", rate: 0.1, factor: 0.5 }, epochs: 1 },
  });
  expect(settingsLine(spec)).toBe(
    "3072-50-20-10, batch norm, dropout 0.2, λ = 0, momentum, η step-decay (rate 0.1, factor 0.5), 1 epoch, batch 100, seed 1",
  );
  const constant = { schedule: { kind: "constant", rate: 0.001 }, steps: 20 } as const;
  expect(settingsLine(parseSpec({ network: { hidden: [] }, training: constant }))).toMatch(
    /^3072-10, λ = 0, η = 0.001, 20 updates/,
  );
  const input = {
    data: { dataset: { train: ["a.npz"] }, split: { kind: "hold-out", validation: 10 } as const },
    network: { hidden: [] },
    training: constant,
    evaluate: { test: false },
  };
  expect(settingsLine(parseSpec(input))).toMatch(/^softmax regression, a\.npz, /);
});

test("another loss and augmentation are said", () => {
  const spec = parseSpec({
    data: { augment: { flip: 0.5, translate: 3, border: "edge" } },
    training: { loss: { kind: "softmax", smoothing: 0.1 }, schedule: { kind: "constant", rate: 0.1 }, steps: 10 },
  });
  expect(settingsLine(spec)).toContain(
    "λ = 0, loss softmax (smoothing 0.1), augmented (flip 0.5, translate 3, border edge), η = 0.1",
  );
});

test("and what its nodes, its averages and its mixed images are", () => {
  const spec = parseSpec({
    data: { augment: { mixup: 0.2 } },
    network: {
      hidden: [20, 20],
      activation: "leaky-relu",
      slope: 0.1,
      residual: true,
      batchNorm: { statistics: "precise" },
    },
    training: { ...cycle, average: { kind: "ema" } },
  });
  expect(settingsLine(spec)).toBe(
    "3072-20-20-10, leaky-relu 0.1, residual, precise batch norm, λ = 0, augmented (mixup 0.2), weights averaged by ema (decay 0.999), η 1e-5 to 0.1, n_s = 800, 3 cycles, batch 100, seed 1",
  );
});
