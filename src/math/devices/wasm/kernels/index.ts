// What the module exports: every kernel in both precisions. Addresses are bytes, extents are numbers; each call does
// part `part` of `parts`.

import * as activations from "./activation";
import * as batchNormalisation from "./batch-norm";
import * as classLosses from "./class-loss";
import * as dropout from "./dropout";
import * as elementwise from "./elementwise";
import * as gather from "./gather";
import * as layers from "./layers";
import * as product from "./product";
import * as rowMajor from "./row-major";
import * as softmax from "./softmax";

// First free byte of the memory.
export function heapBase(): usize {
  return __heap_base;
}

export function affineScratch_f32(inner: i32, n: i32, hasPanels: i32): i32 {
  return layers.affineScratch<f32>(inner, n, hasPanels != 0);
}

export function transposeScratch_f32(out: i32, n: i32): i32 {
  return layers.transposeScratch<f32>(out, n);
}

export function outerScratch_f32(rows: i32, out: i32, inner: i32, n: i32, hasPanels: i32): i32 {
  return layers.outerScratch<f32>(out, inner, n, hasPanels != 0);
}

export function panelBytes_f32(inner: i32, columns: i32): i32 {
  return product.panelBytes<f32>(inner, columns);
}

export function affineScratch_f64(inner: i32, n: i32, hasPanels: i32): i32 {
  return layers.affineScratch<f64>(inner, n, hasPanels != 0);
}

export function transposeScratch_f64(out: i32, n: i32): i32 {
  return layers.transposeScratch<f64>(out, n);
}

export function outerScratch_f64(rows: i32, out: i32, inner: i32, n: i32, hasPanels: i32): i32 {
  return layers.outerScratch<f64>(out, inner, n, hasPanels != 0);
}

export function panelBytes_f64(inner: i32, columns: i32): i32 {
  return product.panelBytes<f64>(inner, columns);
}

export function pack_f32(panels: usize, b: usize, inner: i32, columns: i32): void {
  product.pack<f32>(panels, b, inner, columns);
}

export function packTransposed_f32(panels: usize, b: usize, inner: i32, columns: i32): void {
  product.packTransposed<f32>(panels, b, inner, columns);
}

export function unpack_f32(b: usize, panels: usize, inner: i32, columns: i32): void {
  product.unpack<f32>(b, panels, inner, columns);
}

export function pack_f64(panels: usize, b: usize, inner: i32, columns: i32): void {
  product.pack<f64>(panels, b, inner, columns);
}

export function packTransposed_f64(panels: usize, b: usize, inner: i32, columns: i32): void {
  product.packTransposed<f64>(panels, b, inner, columns);
}

export function unpack_f64(b: usize, panels: usize, inner: i32, columns: i32): void {
  product.unpack<f64>(b, panels, inner, columns);
}

export function gather_f32(part: i32, parts: i32, forward: usize, backward: usize, labels: usize, images: usize, imageLabels: usize, dimension: i32, rows: usize, n: i32, scale: usize, shift: usize, nextCount: i32): void {
  gather.gather<f32>(part, parts, forward, backward, labels, images, imageLabels, dimension, rows, n, scale, shift);
}

export function gather_f64(part: i32, parts: i32, forward: usize, backward: usize, labels: usize, images: usize, imageLabels: usize, dimension: i32, rows: usize, n: i32, scale: usize, shift: usize, nextCount: i32): void {
  gather.gather<f64>(part, parts, forward, backward, labels, images, imageLabels, dimension, rows, n, scale, shift);
}

export function gatherRows_f32(part: i32, parts: i32, x: usize, _: usize, labels: usize, images: usize, imageLabels: usize, dimension: i32, rows: usize, n: i32, scale: usize, shift: usize): void {
  gather.gatherRows<f32>(part, parts, x, labels, images, imageLabels, dimension, rows, n, scale, shift);
}

export function fillRows_f32(s: usize, b: usize, rows: i32, n: i32): void {
  rowMajor.fillRows<f32>(s, b, rows, n);
}

export function scaleRows_f32(target: usize, base: usize, factor: f32, rows: i32, columns: i32, stride: i32): void {
  rowMajor.scaleRows<f32>(target, base, factor, rows, columns, stride);
}

export function gatherRows_f64(part: i32, parts: i32, x: usize, _: usize, labels: usize, images: usize, imageLabels: usize, dimension: i32, rows: usize, n: i32, scale: usize, shift: usize): void {
  gather.gatherRows<f64>(part, parts, x, labels, images, imageLabels, dimension, rows, n, scale, shift);
}

export function fillRows_f64(s: usize, b: usize, rows: i32, n: i32): void {
  rowMajor.fillRows<f64>(s, b, rows, n);
}

export function scaleRows_f64(target: usize, base: usize, factor: f64, rows: i32, columns: i32, stride: i32): void {
  rowMajor.scaleRows<f64>(target, base, factor, rows, columns, stride);
}

export function affine_f32(part: i32, parts: i32, scratch: usize, s: usize, w: usize, x: usize, b: usize, panels: usize, partials: usize, members: i32, out: i32, inner: i32, n: i32, isShared: i32): void {
  layers.affine<f32>(part, parts, scratch, s, w, x, b, panels, partials, members, out, inner, n, isShared);
}

export function affine_f64(part: i32, parts: i32, scratch: usize, s: usize, w: usize, x: usize, b: usize, panels: usize, partials: usize, members: i32, out: i32, inner: i32, n: i32, isShared: i32): void {
  layers.affine<f64>(part, parts, scratch, s, w, x, b, panels, partials, members, out, inner, n, isShared);
}

export function addPartials_f32(part: i32, parts: i32, s: usize, partials: usize, length: i32, count: i32): void {
  layers.addPartials<f32>(part, parts, s, partials, length, count);
}

export function addPartials_f64(part: i32, parts: i32, s: usize, partials: usize, length: i32, count: i32): void {
  layers.addPartials<f64>(part, parts, s, partials, length, count);
}

export function partialCount(inner: i32, parts: i32): i32 {
  return layers.partialCount(inner, parts);
}

export function firstFeature(inner: i32, part: i32, parts: i32): i32 {
  return layers.firstFeature(inner, part, parts);
}

export function transposeProduct_f32(part: i32, parts: i32, scratch: usize, dx: usize, w: usize, ds: usize, members: i32, out: i32, inner: i32, n: i32): void {
  layers.transposeProduct<f32>(part, parts, scratch, dx, w, ds, members, out, inner, n);
}

export function transposeProduct_f64(part: i32, parts: i32, scratch: usize, dx: usize, w: usize, ds: usize, members: i32, out: i32, inner: i32, n: i32): void {
  layers.transposeProduct<f64>(part, parts, scratch, dx, w, ds, members, out, inner, n);
}

export function outerProduct_f32(part: i32, parts: i32, scratch: usize, target: usize, base: usize, alpha: usize, beta: usize, ds: usize, x: usize, panels: usize, members: i32, out: i32, inner: i32, n: i32, isShared: i32): void {
  layers.outerProduct<f32>(part, parts, scratch, target, base, alpha, beta, ds, x, panels, members, out, inner, n, isShared);
}

export function outerProduct_f64(part: i32, parts: i32, scratch: usize, target: usize, base: usize, alpha: usize, beta: usize, ds: usize, x: usize, panels: usize, members: i32, out: i32, inner: i32, n: i32, isShared: i32): void {
  layers.outerProduct<f64>(part, parts, scratch, target, base, alpha, beta, ds, x, panels, members, out, inner, n, isShared);
}

export function relu_f32(part: i32, parts: i32, h: usize, s: usize, count: i32): void {
  elementwise.relu<f32>(part, parts, h, s, count);
}

export function relu_f64(part: i32, parts: i32, h: usize, s: usize, count: i32): void {
  elementwise.relu<f64>(part, parts, h, s, count);
}

export function reluGradient_f32(part: i32, parts: i32, ds: usize, dh: usize, h: usize, count: i32): void {
  elementwise.reluGradient<f32>(part, parts, ds, dh, h, count);
}

export function reluGradient_f64(part: i32, parts: i32, ds: usize, dh: usize, h: usize, count: i32): void {
  elementwise.reluGradient<f64>(part, parts, ds, dh, h, count);
}

export function sampleSum_f32(part: i32, parts: i32, target: usize, base: usize, alpha: usize, beta: usize, ds: usize, members: i32, out: i32, n: i32): void {
  elementwise.sampleSum<f32>(part, parts, target, base, alpha, beta, ds, members, out, n);
}

export function sampleSum_f64(part: i32, parts: i32, target: usize, base: usize, alpha: usize, beta: usize, ds: usize, members: i32, out: i32, n: i32): void {
  elementwise.sampleSum<f64>(part, parts, target, base, alpha, beta, ds, members, out, n);
}

export function combine_f32(part: i32, parts: i32, target: usize, base: usize, alpha: usize, beta: usize, g: usize, members: i32, length: i32): void {
  elementwise.combine<f32>(part, parts, target, base, alpha, beta, g, members, length);
}

export function drop_f32(part: i32, parts: i32, mask: usize, words: usize, kept: usize, first: i32, second: i32, members: i32, length: i32): void {
  dropout.drop<f32>(part, parts, mask, words, kept, first, second, members, length);
}

export function followVelocity_f32(part: i32, parts: i32, w: usize, v: usize, pull: usize, members: i32, length: i32): void {
  elementwise.followVelocity<f32>(part, parts, w, v, pull, members, length);
}

export function combine_f64(part: i32, parts: i32, target: usize, base: usize, alpha: usize, beta: usize, g: usize, members: i32, length: i32): void {
  elementwise.combine<f64>(part, parts, target, base, alpha, beta, g, members, length);
}

export function drop_f64(part: i32, parts: i32, mask: usize, words: usize, kept: usize, first: i32, second: i32, members: i32, length: i32): void {
  dropout.drop<f64>(part, parts, mask, words, kept, first, second, members, length);
}

export function followVelocity_f64(part: i32, parts: i32, w: usize, v: usize, pull: usize, members: i32, length: i32): void {
  elementwise.followVelocity<f64>(part, parts, w, v, pull, members, length);
}

export function squareSum_f32(part: i32, parts: i32, tally: usize, w: usize, members: i32, length: i32): void {
  elementwise.squareSum<f32>(part, parts, tally, w, members, length);
}

export function squareSum_f64(part: i32, parts: i32, tally: usize, w: usize, members: i32, length: i32): void {
  elementwise.squareSum<f64>(part, parts, tally, w, members, length);
}

export function softmaxCrossEntropy_f32(part: i32, parts: i32, p: usize, tally: usize, s: usize, labels: usize, members: i32, classes: i32, n: i32): void {
  softmax.softmaxCrossEntropy<f32>(part, parts, p, tally, s, labels, members, classes, n);
}

export function softmaxCrossEntropy_f64(part: i32, parts: i32, p: usize, tally: usize, s: usize, labels: usize, members: i32, classes: i32, n: i32): void {
  softmax.softmaxCrossEntropy<f64>(part, parts, p, tally, s, labels, members, classes, n);
}

export function softmaxCrossEntropyGradient_f32(part: i32, parts: i32, ds: usize, p: usize, labels: usize, members: i32, classes: i32, n: i32): void {
  softmax.softmaxCrossEntropyGradient<f32>(part, parts, ds, p, labels, members, classes, n);
}

export function softmaxCrossEntropyGradient_f64(part: i32, parts: i32, ds: usize, p: usize, labels: usize, members: i32, classes: i32, n: i32): void {
  softmax.softmaxCrossEntropyGradient<f64>(part, parts, ds, p, labels, members, classes, n);
}

export function batchNorm_f32(part: i32, parts: i32, y: usize, normalised: usize, mean: usize, variance: usize, s: usize, gamma: usize, beta: usize, eps: f32, rows: i32, n: i32): void {
  batchNormalisation.batchNorm<f32>(part, parts, y, normalised, mean, variance, s, gamma, beta, eps, rows, n);
}

export function normalise_f32(part: i32, parts: i32, y: usize, s: usize, mean: usize, variance: usize, gamma: usize, beta: usize, eps: f32, rows: i32, n: i32): void {
  batchNormalisation.normalise<f32>(part, parts, y, s, mean, variance, gamma, beta, eps, rows, n);
}

export function batchNormGradient_f32(part: i32, parts: i32, ds: usize, dy: usize, normalised: usize, variance: usize, gamma: usize, eps: f32, rows: i32, n: i32): void {
  batchNormalisation.batchNormGradient<f32>(part, parts, ds, dy, normalised, variance, gamma, eps, rows, n);
}

export function sampleProductSum_f32(part: i32, parts: i32, target: usize, base: usize, alpha: usize, beta: usize, a: usize, b: usize, members: i32, out: i32, n: i32): void {
  batchNormalisation.sampleProductSum<f32>(part, parts, target, base, alpha, beta, a, b, members, out, n);
}

export function multiply_f32(part: i32, parts: i32, product: usize, a: usize, b: usize, count: i32): void {
  elementwise.multiply<f32>(part, parts, product, a, b, count);
}

export function batchNorm_f64(part: i32, parts: i32, y: usize, normalised: usize, mean: usize, variance: usize, s: usize, gamma: usize, beta: usize, eps: f64, rows: i32, n: i32): void {
  batchNormalisation.batchNorm<f64>(part, parts, y, normalised, mean, variance, s, gamma, beta, eps, rows, n);
}

export function normalise_f64(part: i32, parts: i32, y: usize, s: usize, mean: usize, variance: usize, gamma: usize, beta: usize, eps: f64, rows: i32, n: i32): void {
  batchNormalisation.normalise<f64>(part, parts, y, s, mean, variance, gamma, beta, eps, rows, n);
}

export function batchNormGradient_f64(part: i32, parts: i32, ds: usize, dy: usize, normalised: usize, variance: usize, gamma: usize, eps: f64, rows: i32, n: i32): void {
  batchNormalisation.batchNormGradient<f64>(part, parts, ds, dy, normalised, variance, gamma, eps, rows, n);
}

export function sampleProductSum_f64(part: i32, parts: i32, target: usize, base: usize, alpha: usize, beta: usize, a: usize, b: usize, members: i32, out: i32, n: i32): void {
  batchNormalisation.sampleProductSum<f64>(part, parts, target, base, alpha, beta, a, b, members, out, n);
}

export function multiply_f64(part: i32, parts: i32, product: usize, a: usize, b: usize, count: i32): void {
  elementwise.multiply<f64>(part, parts, product, a, b, count);
}

export function combineSquares_f32(part: i32, parts: i32, target: usize, base: usize, alpha: usize, beta: usize, g: usize, members: i32, length: i32): void {
  elementwise.combineSquares<f32>(part, parts, target, base, alpha, beta, g, members, length);
}

export function rootStep_f32(part: i32, parts: i32, w: usize, d: usize, v: usize, keep: usize, rate: usize, correction: usize, eps: usize, members: i32, length: i32): void {
  elementwise.rootStep<f32>(part, parts, w, d, v, keep, rate, correction, eps, members, length);
}

export function clip_f32(part: i32, parts: i32, g: usize, squares: usize, limit: usize, members: i32, length: i32): void {
  elementwise.clip<f32>(part, parts, g, squares, limit, members, length);
}

export function combineSquares_f64(part: i32, parts: i32, target: usize, base: usize, alpha: usize, beta: usize, g: usize, members: i32, length: i32): void {
  elementwise.combineSquares<f64>(part, parts, target, base, alpha, beta, g, members, length);
}

export function rootStep_f64(part: i32, parts: i32, w: usize, d: usize, v: usize, keep: usize, rate: usize, correction: usize, eps: usize, members: i32, length: i32): void {
  elementwise.rootStep<f64>(part, parts, w, d, v, keep, rate, correction, eps, members, length);
}

export function clip_f64(part: i32, parts: i32, g: usize, squares: usize, limit: usize, members: i32, length: i32): void {
  elementwise.clip<f64>(part, parts, g, squares, limit, members, length);
}

export function classLoss_f32(part: i32, parts: i32, p: usize, tally: usize, s: usize, labels: usize, others: usize, shares: usize, kind: i32, parameter: f32, members: i32, classes: i32, n: i32): void {
  classLosses.classLoss<f32>(part, parts, p, tally, s, labels, others, shares, kind, parameter, members, classes, n);
}

export function classLossGradient_f32(part: i32, parts: i32, ds: usize, p: usize, labels: usize, others: usize, shares: usize, kind: i32, parameter: f32, members: i32, classes: i32, n: i32): void {
  classLosses.classLossGradient<f32>(part, parts, ds, p, labels, others, shares, kind, parameter, members, classes, n);
}

export function classLoss_f64(part: i32, parts: i32, p: usize, tally: usize, s: usize, labels: usize, others: usize, shares: usize, kind: i32, parameter: f64, members: i32, classes: i32, n: i32): void {
  classLosses.classLoss<f64>(part, parts, p, tally, s, labels, others, shares, kind, parameter, members, classes, n);
}

export function classLossGradient_f64(part: i32, parts: i32, ds: usize, p: usize, labels: usize, others: usize, shares: usize, kind: i32, parameter: f64, members: i32, classes: i32, n: i32): void {
  classLosses.classLossGradient<f64>(part, parts, ds, p, labels, others, shares, kind, parameter, members, classes, n);
}

export function activate_f32(part: i32, parts: i32, h: usize, s: usize, kind: i32, slope: f32, count: i32): void {
  activations.activate<f32>(part, parts, h, s, kind, slope, count);
}

export function activationGradient_f32(part: i32, parts: i32, ds: usize, dh: usize, from: usize, kind: i32, slope: f32, count: i32): void {
  activations.activationGradient<f32>(part, parts, ds, dh, from, kind, slope, count);
}

export function activate_f64(part: i32, parts: i32, h: usize, s: usize, kind: i32, slope: f64, count: i32): void {
  activations.activate<f64>(part, parts, h, s, kind, slope, count);
}

export function activationGradient_f64(part: i32, parts: i32, ds: usize, dh: usize, from: usize, kind: i32, slope: f64, count: i32): void {
  activations.activationGradient<f64>(part, parts, ds, dh, from, kind, slope, count);
}
