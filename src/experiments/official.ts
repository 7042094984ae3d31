import type { Spec, SpecInput } from "../record/spec.ts";
import { oneLayer } from "./one-layer.ts";
import { departuresFrom } from "./verdict.ts";

/** A result of the course itself, which a program that draws the same random numbers has to the digit. */
interface Official {
  readonly name: string;
  readonly spec: SpecInput;
  readonly testAccuracy: number;
}

/** Assignment 1's: NumPy's default_rng(42) draws the weights and then the orders of the images. */
const official: readonly Official[] = [
  {
    name: "course, NumPy's seed 42",
    spec: { ...oneLayer({ name: "official", lambda: 0, rate: 0.001 }), random: "numpy", seed: 42 },
    testAccuracy: 0.3913,
  },
];

/** The course's own result of a spec's settings, whatever its seed. */
export function officialOf(spec: Spec): Pick<Official, "name" | "testAccuracy"> | undefined {
  return official.find((result) => departuresFrom(result.spec, spec).length === 0);
}
