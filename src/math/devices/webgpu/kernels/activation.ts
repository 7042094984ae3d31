import type { Activation } from "../../../device.ts";
import { type Kernel, kernel } from "../kernel.ts";

// The formulas are those of the reference device.

const functions = `
// e^x where x is not above 0; below -110 it is 0 in f32.
fn tail(x: f32) -> f32 { return exp(max(x, -110.0)); }
fn gate(s: f32) -> f32 {
  let u = 1.5957691216057308 * (s + 0.044715 * s * s * s);
  let e = tail(-abs(u));
  return select(e, 1.0, u >= 0.0) / (1.0 + e);
}
fn near(s: f32) -> f32 { return clamp(s, -30.0, 30.0); }
fn hyperbolicTangent(s: f32) -> f32 {
  let q = s * s;
  // Near 0 the difference below loses digits.
  if (abs(s) < 0.0625) {
    return s * (1.0 + q * (-1.0 / 3.0 + q * (2.0 / 15.0 + q * (-17.0 / 315.0))));
  }
  let e = tail(-2.0 * abs(s));
  return sign(s) * (1.0 - e) / (1.0 + e);
}
`;

const values: Readonly<Record<Activation["kind"], string>> = {
  "leaky-relu": "select($slope * x, x, x > 0.0)",
  gelu: "x * gate(near(x))",
  tanh: "hyperbolicTangent(x)",
};

const slopes: Readonly<Record<Activation["kind"], string>> = {
  "leaky-relu": "select($slope, 1.0, x > 0.0)",
  gelu: "gate(near(x)) + near(x) * gate(near(x)) * (1.0 - gate(near(x))) * 1.5957691216057308 * (1.0 + 3.0 * 0.044715 * near(x) * near(x))",
  tanh: "1.0 - hyperbolicTangent(x) * hyperbolicTangent(x)",
};

const forwardOf = (kind: Activation["kind"]) =>
  kernel({
    name: `activate ${kind}`,
    written: ["h"],
    read: ["s"],
    counts: ["count"],
    numbers: ["slope"],
    functions,
    body: `
  if (i >= $count) { return; }
  let x = s[i];
  var value = x;
  if (!isNan(x)) { value = ${values[kind]}; }
  h[i] = value;`,
  });

const backwardOf = (kind: Activation["kind"]) =>
  kernel({
    name: `activationGradient ${kind}`,
    written: ["ds"],
    read: ["dh", "origin"],
    counts: ["count"],
    numbers: ["slope"],
    functions,
    body: `
  if (i >= $count) { return; }
  let x = origin[i];
  var value = x;
  if (!isNan(x)) { value = dh[i] * (${slopes[kind]}); }
  ds[i] = value;`,
  });

/** h = f(s). */
export const activate = ofKinds(forwardOf);

/** ds = dh f'(s). */
export const activationGradient = ofKinds(backwardOf);

function ofKinds<K extends Kernel>(of: (kind: Activation["kind"]) => K): Readonly<Record<Activation["kind"], K>> {
  return { "leaky-relu": of("leaky-relu"), gelu: of("gelu"), tanh: of("tanh") };
}
