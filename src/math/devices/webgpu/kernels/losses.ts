import type { ClassLoss } from "../../../device.ts";
import { type Kernel, kernel } from "../kernel.ts";
import { groupSum } from "./sums.ts";

// One lane a sample, which goes through its classes; one group 128 samples of a member, whose sums are one slot of its tally.
// Losses are summed times 2^-16, so that large ones stay finite.
export const LOSS_SCALE = 2 ** 16;

/** Samples of a group. */
export const SAMPLES = 128;

const begin = `
  let member = group / $chunks;
  let chunk = group % $chunks;
  if (member >= $members) { return; }
  let j = chunk * ${SAMPLES}u + lane;
  var loss = 0.0;
  var right = 0.0;
  if (j < $n) {
    let first = member * $classes * $n + j;
    let label = u32(labels[j]);
    var best = 0u;
    var most = s[first];
    var isNumber = !isNan(most);
    for (var k = 1u; k < $classes; k++) {
      let score = s[first + k * $n];
      isNumber = isNumber && !isNan(score);
      if (score > most) {
        most = score;
        best = k;
      }
    }`;

const end = `
    if (best == label && isNumber) { right = 1.0; }
  }
  let losses = total(lane, loss * 0x1p-16);
  let rights = total(lane, right);
  if (lane == 0u) {
    let at = 2u * (($slot + chunk) * $members + member);
    tally[at] = losses;
    tally[at + 1u] = rights;
  }`;

const powers = `
// e^x where x is not above 0; below -110 it is 0 in f32.
fn power(x: f32) -> f32 { return exp(max(x, -110.0)); }
`;

const counts = ["members", "classes", "n", "chunks", "slot"] as const;

/** p = softmax(s); tally [-log p_y, right answers]. */
export const softmaxCrossEntropy = kernel({
  name: "softmaxCrossEntropy",
  written: ["p", "tally"],
  read: ["s", "labels"],
  counts,
  lanes: SAMPLES,
  functions: `${groupSum(SAMPLES)}${powers}`,
  body: `${begin}
    if (isNumber && isFinite(most)) {
      let gap = s[first + label * $n] - most;
      var sum = 0.0;
      for (var k = 0u; k < $classes; k++) { sum += power(s[first + k * $n] - most); }
      loss = log(sum) - gap;
      for (var k = 0u; k < $classes; k++) { p[first + k * $n] = power(s[first + k * $n] - most) / sum; }
    } else {
      loss = notANumber();
      for (var k = 0u; k < $classes; k++) { p[first + k * $n] = loss; }
    }
${end}`,
});

/** dS = (P - Y) / n. */
export const softmaxCrossEntropyGradient = kernel({
  name: "softmaxCrossEntropyGradient",
  written: ["ds"],
  read: ["p", "labels"],
  counts: ["count", "classes", "n"],
  body: `
  if (i >= $count) { return; }
  let class_ = (i / $n) % $classes;
  ds[i] = (p[i] - select(0.0, 1.0, u32(labels[i % $n]) == class_)) / f32($n);`,
});

// Each of the losses: that of the sample for a label `y`, and p, written after it.
const lossOf: Readonly<Record<ClassLoss["kind"], { readonly value: string; readonly p: string }>> = {
  smoothed: {
    value: `
  var most = s[first];
  for (var k = 1u; k < $classes; k++) { most = max(most, s[first + k * $n]); }
  var sum = 0.0;
  var mean = 0.0;
  for (var k = 0u; k < $classes; k++) {
    let below = s[first + k * $n] - most;
    sum += power(below);
    mean += below / f32($classes);
  }
  return (1.0 - $setting) * (log(sum) - (s[first + y * $n] - most)) + $setting * (log(sum) - mean);`,
    p: `
      var sum = 0.0;
      for (var k = 0u; k < $classes; k++) { sum += power(s[first + k * $n] - most); }
      for (var k = 0u; k < $classes; k++) { p[first + k * $n] = power(s[first + k * $n] - most) / sum; }`,
  },
  sigmoid: {
    value: `
  var sum = 0.0;
  for (var k = 0u; k < $classes; k++) {
    let score = s[first + k * $n];
    // -y log p - (1 - y) log(1 - p) = max(s, 0) - s y + log(1 + e^-|s|)
    sum += max(score, 0.0) - select(0.0, score, k == y) + log(1.0 + power(-abs(score)));
  }
  return $setting * sum;`,
    p: `
      for (var k = 0u; k < $classes; k++) {
        let score = s[first + k * $n];
        let e = power(-abs(score));
        p[first + k * $n] = select(e, 1.0, score >= 0.0) / (1.0 + e);
      }`,
  },
  hinge: {
    value: `
  var sum = 0.0;
  for (var k = 0u; k < $classes; k++) {
    if (k != y) { sum += max(0.0, s[first + k * $n] - s[first + y * $n] + $setting); }
  }
  return sum;`,
    p: `
      let own = s[first + label * $n];
      var within = 0.0;
      for (var k = 0u; k < $classes; k++) {
        let isWithin = k != label && s[first + k * $n] - own + $setting > 0.0;
        if (isWithin) { within += 1.0; }
        if (k != label) { p[first + k * $n] = select(0.0, 1.0, isWithin); }
      }
      p[first + label * $n] = -within;`,
  },
};

const forwardOf = (kind: ClassLoss["kind"]) =>
  kernel({
    name: `classLoss ${kind}`,
    written: ["p", "tally"],
    read: ["s", "labels", "others", "shares"],
    counts: [...counts, "isMixed"],
    numbers: ["setting"],
    lanes: SAMPLES,
    functions: `${groupSum(SAMPLES)}${powers}
fn lossFor(first: u32, y: u32) -> f32 {
${lossOf[kind].value}
}`,
    body: `${begin}
    var lowest = most;
    for (var k = 0u; k < $classes; k++) { lowest = min(lowest, s[first + k * $n]); }
    if (isNumber && isFinite(most) && isFinite(lowest)) {
      loss = lossFor(first, label);
      if ($isMixed == 1u && shares[j] != 1.0) {
        loss = shares[j] * loss + (1.0 - shares[j]) * lossFor(first, u32(others[j]));
      }
${lossOf[kind].p}
    } else {
      loss = notANumber();
      for (var k = 0u; k < $classes; k++) { p[first + k * $n] = loss; }
    }
${end}`,
  });

const slopes: Readonly<Record<ClassLoss["kind"], string>> = {
  smoothed: "p[i] - ((1.0 - $setting) * wanted + $setting / f32($classes))",
  sigmoid: "$setting * (p[i] - wanted)",
  hinge: "p[i]",
};

const backwardOf = (kind: ClassLoss["kind"]) =>
  kernel({
    name: `classLossGradient ${kind}`,
    written: ["ds"],
    read: ["p", "labels", "others", "shares"],
    counts: ["count", "classes", "n", "isMixed"],
    numbers: ["setting"],
    body: `
  if (i >= $count) { return; }
  let j = i % $n;
  let class_ = (i / $n) % $classes;
  var share = 1.0;
  var wanted = 0.0;
  if ($isMixed == 1u) {
    share = shares[j];
    if (u32(others[j]) == class_) { wanted = 1.0 - share; }
  }
  if (u32(labels[j]) == class_) { wanted += share; }
  ds[i] = (${slopes[kind]}) / f32($n);`,
  });

/** p and the tally of another loss. */
export const classLoss = ofKinds(forwardOf);

/** dS of another loss. */
export const classLossGradient = ofKinds(backwardOf);

function ofKinds<K extends Kernel>(of: (kind: ClassLoss["kind"]) => K): Readonly<Record<ClassLoss["kind"], K>> {
  return { smoothed: of("smoothed"), sigmoid: of("sigmoid"), hinge: of("hinge") };
}
