// What the module exports: every kernel in both precisions. Addresses are bytes, extents are numbers.

import * as elementwise from "./elementwise";
import * as gather from "./gather";
import * as product from "./product";
import * as softmax from "./softmax";

// Bytes of scratch memory a product needs beside a copy of dS.
export const SCRATCH: i32 = product.SCRATCH;

// First free byte of the memory.
export function heapBase(): usize {
  return __heap_base;
}

export function affine_f32(
  s: usize,
  w: usize,
  x: usize,
  b: usize,
  members: i32,
  out: i32,
  inner: i32,
  n: i32,
  xShared: bool,
  scratch: usize,
): void {
  product.affine<f32>(s, w, x, b, members, out, inner, n, xShared, scratch);
}

export function affine_f64(
  s: usize,
  w: usize,
  x: usize,
  b: usize,
  members: i32,
  out: i32,
  inner: i32,
  n: i32,
  xShared: bool,
  scratch: usize,
): void {
  product.affine<f64>(s, w, x, b, members, out, inner, n, xShared, scratch);
}

export function transposeProduct_f32(
  dx: usize,
  w: usize,
  ds: usize,
  members: i32,
  out: i32,
  inner: i32,
  n: i32,
  scratch: usize,
): void {
  product.transposeProduct<f32>(dx, w, ds, members, out, inner, n, scratch);
}

export function transposeProduct_f64(
  dx: usize,
  w: usize,
  ds: usize,
  members: i32,
  out: i32,
  inner: i32,
  n: i32,
  scratch: usize,
): void {
  product.transposeProduct<f64>(dx, w, ds, members, out, inner, n, scratch);
}

export function outerProduct_f32(
  target: usize,
  base: usize,
  alpha: f32,
  beta: f32,
  ds: usize,
  xt: usize,
  out: i32,
  inner: i32,
  n: i32,
  scratch: usize,
): void {
  product.outerProduct<f32>(target, base, alpha, beta, ds, xt, out, inner, n, scratch);
}

export function outerProduct_f64(
  target: usize,
  base: usize,
  alpha: f64,
  beta: f64,
  ds: usize,
  xt: usize,
  out: i32,
  inner: i32,
  n: i32,
  scratch: usize,
): void {
  product.outerProduct<f64>(target, base, alpha, beta, ds, xt, out, inner, n, scratch);
}

export function transpose_f32(to: usize, from: usize, rows: i32, columns: i32): void {
  product.transpose<f32>(to, from, rows, columns);
}

export function transpose_f64(to: usize, from: usize, rows: i32, columns: i32): void {
  product.transpose<f64>(to, from, rows, columns);
}

export function relu_f32(h: usize, s: usize, count: i32): void {
  elementwise.relu<f32>(h, s, count);
}

export function relu_f64(h: usize, s: usize, count: i32): void {
  elementwise.relu<f64>(h, s, count);
}

export function reluGradient_f32(ds: usize, dh: usize, h: usize, count: i32): void {
  elementwise.reluGradient<f32>(ds, dh, h, count);
}

export function reluGradient_f64(ds: usize, dh: usize, h: usize, count: i32): void {
  elementwise.reluGradient<f64>(ds, dh, h, count);
}

export function sampleSum_f32(target: usize, base: usize, alpha: f32, beta: f32, ds: usize, out: i32, n: i32): void {
  elementwise.sampleSum<f32>(target, base, alpha, beta, ds, out, n);
}

export function sampleSum_f64(target: usize, base: usize, alpha: f64, beta: f64, ds: usize, out: i32, n: i32): void {
  elementwise.sampleSum<f64>(target, base, alpha, beta, ds, out, n);
}

export function combine_f32(target: usize, base: usize, alpha: f32, beta: f32, g: usize, count: i32): void {
  elementwise.combine<f32>(target, base, alpha, beta, g, count);
}

export function combine_f64(target: usize, base: usize, alpha: f64, beta: f64, g: usize, count: i32): void {
  elementwise.combine<f64>(target, base, alpha, beta, g, count);
}

export function squareSum_f32(tally: usize, w: usize, count: i32): void {
  elementwise.squareSum<f32>(tally, w, count);
}

export function squareSum_f64(tally: usize, w: usize, count: i32): void {
  elementwise.squareSum<f64>(tally, w, count);
}

export function gather_f32(
  x: usize,
  xt: usize,
  y: usize,
  images: usize,
  labels: usize,
  dimension: i32,
  rows: usize,
  n: i32,
  scale: usize,
  shift: usize,
): void {
  gather.gather<f32>(x, xt, y, images, labels, dimension, rows, n, scale, shift);
}

export function gather_f64(
  x: usize,
  xt: usize,
  y: usize,
  images: usize,
  labels: usize,
  dimension: i32,
  rows: usize,
  n: i32,
  scale: usize,
  shift: usize,
): void {
  gather.gather<f64>(x, xt, y, images, labels, dimension, rows, n, scale, shift);
}

export function softmaxCrossEntropy_f32(p: usize, tally: usize, s: usize, labels: usize, classes: i32, n: i32): void {
  softmax.softmaxCrossEntropy<f32>(p, tally, s, labels, classes, n);
}

export function softmaxCrossEntropy_f64(p: usize, tally: usize, s: usize, labels: usize, classes: i32, n: i32): void {
  softmax.softmaxCrossEntropy<f64>(p, tally, s, labels, classes, n);
}

export function softmaxCrossEntropyGradient_f32(ds: usize, p: usize, labels: usize, classes: i32, n: i32): void {
  softmax.softmaxCrossEntropyGradient<f32>(ds, p, labels, classes, n);
}

export function softmaxCrossEntropyGradient_f64(ds: usize, p: usize, labels: usize, classes: i32, n: i32): void {
  softmax.softmaxCrossEntropyGradient<f64>(ds, p, labels, classes, n);
}
