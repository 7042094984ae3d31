import { describe, expect, test } from "vitest";
import { experiment004E2 } from "../experiments/004-e2.ts";
import type { GradientCheck } from "../gradcheck/verdict.ts";
import type { RunDocument } from "../record/run-document.ts";
import { consoleGradients, consoleHeadline, consoleResults, consoleVerdict } from "./console-summary.ts";
import gradients from "./fixtures/gradients.json" with { type: "json" };
import recorded from "./fixtures/run.json" with { type: "json" };

const run = recorded as unknown as RunDocument;

describe("consoleVerdict", () => {
  test("sets the report beside the run, in columns", () => {
    expect(consoleVerdict(experiment004E2, run)).toBe(
      `
Reported against obtained: 004-E2

number             reported (%)  obtained (%)  95 % interval (%)  accepted (%)  verdict
-----------------  ------------  ------------  -----------------  ------------  ------------
test accuracy             45.98         46.01        45.03–46.99   45.20–47.20  within range
training accuracy             –         60.50                  –   59.00–62.00  within range

Why 45.20–47.20 % for the test accuracy: runs that differ only in their seed spread by
  about 0.4 points, and 10,000 test images add 0.5.
Why 59.00–62.00 % for the training accuracy: not printed in report 004; report 000 gives
  60.55 % and report 001 61.95 % for the same settings.`.trimStart(),
    );
  });

  test("says when the range was not made for these settings", () => {
    const spec = { ...run.spec, training: { ...run.spec.training, lambda: 0.1 } };
    expect(consoleVerdict(experiment004E2, { ...run, spec })).toMatch(
      /training\.lambda\s+is\s+0\.1\s+instead\s+of\s+0\.01/,
    );
  });

  test("says what was not measured", () => {
    const { test: _, ...final } = run.final;
    expect(consoleVerdict(experiment004E2, { ...run, final })).toMatch(/test accuracy +45\.98 +– +– .*not measured/);
  });
});

test("consoleResults: loss, cost and accuracy of each set", () => {
  expect(consoleResults(run)).toBe(
    `
Results after 1,000 updates

images      number  loss (nats)  cost (nats)  accuracy (%)  95 % interval (%)
----------  ------  -----------  -----------  ------------  -----------------
training    10,000       1.1372       1.4816         60.50                  –
validation  10,000       1.5421       1.8865         45.60        44.63–46.58
test        10,000       1.5316       1.8760         46.01        45.03–46.99`.trimStart(),
  );
});

describe("consoleGradients", () => {
  test("is a row a parameter under its network, and names the kinks", () => {
    expect(consoleGradients(gradients)).toBe(
      `
Gradient check: every parameter agrees

parameter  shape  max abs  max rel  norm rel  decimals  forward  kinks  verdict
---------  -----  -------  -------  --------  --------  -------  -----  -------
1 layer, lambda 0
W1         10×20  2.2e-11   4.1e-9   9.9e-12        10   3.4e-8      0  agrees
b1            10  1.9e-11   2.2e-9   8.1e-12        10   2.8e-8      0  agrees
2 layers, lambda 0.01
W1         10×20  3.1e-11   2.2e-8   9.9e-11        10   1.1e-7      1  agrees
b1            10  4.4e-11   1.5e-8   3.6e-10        10   9.8e-8      0  agrees
W2         10×10  2.5e-11   6.2e-9   1.0e-10        10   7.5e-8      0  agrees
b2            10  1.6e-11   1.1e-9   1.6e-10        10   4.4e-8      0  agrees

Analytic against centred differences, h = 1e-5, float64: 10 examples of 20 dimensions,
  10 nodes a hidden layer, seed 1. A parameter agrees when its max rel is below 1e-6.
Kink at W1[3, 4] (2 layers, lambda 0.01): unit 3 of hidden layer 1 on example 7.`.trimStart(),
    );
  });

  test("names the parameter that disagrees", () => {
    const [first, ...others] = gradients.parameters;
    const broken: GradientCheck = {
      ...gradients,
      passed: false,
      parameters: [{ ...first, passed: false, maxRelative: 0.93 }, ...others],
    };
    expect(consoleGradients(broken)).toMatch(/a parameter disagrees[\s\S]*W1 .* 9\.3e-1 .* disagrees\nb1 .* agrees/);
  });

  test("counts the kinks it has no room to name", () => {
    const [first] = gradients.parameters;
    const kinks = Array.from({ length: 14 }, (_, unit) => ({ entry: [unit, 0], layer: 1, unit, example: 0 }));
    const text = consoleGradients({ ...gradients, parameters: [{ ...first, kinks }] });
    expect(text.match(/Kink at/g)).toHaveLength(10);
    expect(text).toContain("And 4 more kinks.");
  });
});

describe("consoleHeadline", () => {
  test("is the result in one line", () => {
    expect(consoleHeadline(run, experiment004E2)).toBe(
      "Reproduced: test accuracy 46.01 % (reported 45.98 %); training accuracy 60.50 %.",
    );
    expect(consoleHeadline(run)).toBe("Accuracy: test 46.01 %, validation 45.60 %, training 60.50 %.");
  });

  test("names what lies outside its range", () => {
    const final = { ...run.final, test: { ...run.final.train, accuracy: 0.43 } };
    expect(consoleHeadline({ ...run, final }, experiment004E2)).toBe(
      "Not reproduced: test accuracy 43.00 %, accepted 45.20–47.20 %.",
    );
  });

  test("decides nothing where the settings are others", () => {
    const spec = { ...run.spec, network: { ...run.spec.network, hidden: [80] } };
    expect(consoleHeadline({ ...run, spec }, experiment004E2)).toBe(
      "Not the settings of 004-E2 (network.hidden), so its ranges decide nothing. Accuracy: test 46.01 %, validation 45.60 %, training 60.50 %.",
    );
  });

  test("tells of divergence before all else, and sends the terminal no control characters", () => {
    const divergence = { step: 412, layer: 2, where: "W2\u001b[31m" };
    expect(consoleHeadline({ ...run, state: "diverged", divergence }, experiment004E2)).toBe(
      "Diverged after update 412: W2\ufffd[31m in layer 2 is not finite.",
    );
  });
});
