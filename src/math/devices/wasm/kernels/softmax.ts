// p = softmax of each column of s [members, classes, n]; adds [sum of -log p_y, correct] to the tallies, in f64.
// A member is one part's, so that its sum has one order.
export function softmaxCrossEntropy<T>(
  part: i32, parts: i32,
  p: usize, tally: usize, s: usize, labels: usize, members: i32, classes: i32, n: i32,
): void {
  for (let member = part; member < members; member += parts) {
    const offset = member * classes * n * <i32>sizeof<T>();
    memberSoftmax<T>(p + offset, tally + member * 16, s + offset, labels, classes, n);
  }
}

function memberSoftmax<T>(p: usize, tally: usize, s: usize, labels: usize, classes: i32, n: i32): void {
  const size = <i32>sizeof<T>();
  let loss: f64 = 0;
  let correct: f64 = 0;
  for (let j = 0; j < n; j++) {
    const column = s + j * size;
    const to = p + j * size;
    let best = 0;
    let largest = load<T>(column);
    for (let k = 1; k < classes; k++) {
      const score = load<T>(column + k * n * size);
      if (score > largest) {
        best = k;
        largest = score;
      }
    }
    const label = <i32>load<T>(labels + j * size);
    const below = <T>(load<T>(column + label * n * size) - largest);
    let sum: T = 0;
    for (let k = 0; k < classes; k++) {
      const e = exponential<T>(<T>(load<T>(column + k * n * size) - largest));
      store<T>(to + k * n * size, e);
      sum = <T>(sum + e);
    }
    // -log p_y = log(sum_k e^(s_k - max)) - (s_y - max)
    loss += Math.log(<f64>sum) - <f64>below;
    if (best == label && sum == sum) correct += 1;
    for (let k = 0; k < classes; k++) {
      store<T>(to + k * n * size, <T>(load<T>(to + k * n * size) / sum));
    }
  }
  store<f64>(tally, load<f64>(tally) + loss);
  store<f64>(tally, load<f64>(tally, 8) + correct, 8);
}

// dS = (P - Y) / n
export function softmaxCrossEntropyGradient<T>(
  part: i32, parts: i32,
  ds: usize, p: usize, labels: usize, members: i32, classes: i32, n: i32,
): void {
  const size = <i32>sizeof<T>();
  const rows = members * classes;
  for (let row = (rows * part) / parts, end = (rows * (part + 1)) / parts; row < end; row++) {
    for (let j = 0; j < n; j++) {
      const at = (row * n + j) * size;
      const hit = <i32>load<T>(labels + j * size) == row % classes;
      store<T>(ds + at, <T>((load<T>(p + at) - <T>(hit ? 1 : 0)) / <T>n));
    }
  }
}

// Compiled into the module, so the same on every engine.
// @ts-expect-error: decorator
@inline
function exponential<T>(x: T): T {
  if (sizeof<T>() == 4) return <T>Mathf.exp(<f32>x);
  return <T>Math.exp(<f64>x);
}
