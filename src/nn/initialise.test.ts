import { expect, test } from "vitest";
import { stream } from "../math/random/stream.ts";
import type { ActivationDescription } from "./activation.ts";
import { initialParameters } from "./initialise.ts";

test.each<[activation: ActivationDescription | undefined, gain: number]>([
  [undefined, Math.SQRT2],
  [{ kind: "relu" }, Math.SQRT2],
  [{ kind: "gelu" }, Math.SQRT2],
  [{ kind: "leaky-relu", slope: 0 }, Math.SQRT2],
  [{ kind: "leaky-relu", slope: 0.5 }, Math.sqrt(1.6)],
  [{ kind: "tanh" }, 5 / 3],
])("weights of `he` for %j are those of fan-in times %d", (activation, gain) => {
  const architecture = { members: 1, widths: [30, 20, 5], activation };
  const drawn = (kind: "he" | "fan-in") =>
    initialParameters(architecture, { kind }, (layer) => stream(1, "weights", layer));
  const [he, fanIn] = [drawn("he"), drawn("fan-in")];
  for (const name of ["W1", "W2"]) {
    for (const [i, weight] of he[name].entries()) expect(weight / fanIn[name][i]).toBeCloseTo(gain, 12);
  }
});
