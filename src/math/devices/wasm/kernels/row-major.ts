import { lanes } from "./vector";

// What a device needs beside the other kernels when somebody else's library multiplies plain matrices.

// s[i, :] = b[i].
export function fillRows<T>(s: usize, b: usize, rows: i32, n: i32): void {
  const size = <i32>sizeof<T>();
  for (let i = 0; i < rows; i++) {
    const row = s + i * n * size;
    const value = load<T>(b + i * size);
    let j = 0;
    for (; j + lanes<T>() <= n; j += lanes<T>()) v128.store(row + j * size, v128.splat<T>(value));
    for (; j < n; j++) store<T>(row + j * size, value);
  }
}

// target <- factor base, rows of `columns` numbers that begin `stride` numbers apart in both; `base` is not read where
// the factor is 0.
export function scaleRows<T>(target: usize, base: usize, factor: T, rows: i32, columns: i32, stride: i32): void {
  const size = <i32>sizeof<T>();
  const factors = v128.splat<T>(factor);
  for (let i = 0; i < rows; i++) {
    const offset = i * stride * size;
    if (factor == 0) {
      memory.fill(target + offset, 0, columns * size);
      continue;
    }
    let j = 0;
    for (; j + lanes<T>() <= columns; j += lanes<T>()) {
      v128.store(target + offset + j * size, v128.mul<T>(v128.load(base + offset + j * size), factors));
    }
    for (; j < columns; j++) store<T>(target + offset + j * size, <T>(factor * load<T>(base + offset + j * size)));
  }
}
