import { expect, test } from "vitest";
import { incompleteBeta } from "./incomplete-beta.ts";
import { noncentralProbability } from "./noncentral-student.ts";
import { normalProbability, normalQuantile } from "./normal.ts";
import { studentProbability, studentUpper } from "./student.ts";

// Known answers: SciPy 1.17.1 (scipy.stats.norm, .t, .nct; scipy.special.betainc).

const relative = (value: number, known: number) => (known === 0 ? Math.abs(value) : Math.abs(value / known - 1));

test.each([
  [-37, 5.7255712225239266e-300],
  [-8, 6.22096057427174e-16],
  [-5.3, 5.790134039964578e-8],
  [-1.5, 0.06680720126885807],
  [-0.2, 0.42074029056089696],
  [0, 0.5],
  [0.3, 0.6179114221889526],
  [2.1, 0.9821355794371834],
  [6, 0.9999999990134123],
])("P(Z <= %f)", (z, known) => expect(relative(normalProbability(z), known)).toBeLessThan(1e-11));

test.each([
  [1e-300, -37.0470962993612],
  [1e-12, -7.034483825301131],
  [0.001, -3.090232306167813],
  [0.02, -2.053748910631823],
  [0.3, -0.5244005127080409],
  [0.5, 0],
  [0.8, 0.8416212335729143],
  [0.999, 3.090232306167813],
])("the normal quantile of %f", (p, known) => expect(relative(normalQuantile(p), known)).toBeLessThan(1e-13));

test.each([
  [-2.5, 1, 0.12111894159084341],
  [1.3, 2, 0.8383764840919798],
  [-4, 5, 0.005161707740415725],
  [2.1, 38, 0.9787890785263258],
  [0.4, 3.7, 0.644418769449146],
  [-1.7, 200, 0.04534273974574084],
  [-1.5, Number.POSITIVE_INFINITY, 0.06680720126885807],
])("P(T <= %f), %f degrees of freedom", (t, degrees, known) => {
  expect(relative(studentProbability(t, degrees), known)).toBeLessThan(1e-11);
});

test.each([
  [0.05, 1, 6.313751514675044],
  [0.025, 2, 4.302652729749464],
  [0.0013, 38, 3.2236730799477655],
  [0.01, 7.5, 2.9430993234067215],
  [1e-5, 4, 23.332182700829275],
])("t with an upper tail of %f, %f degrees of freedom", (tail, degrees, known) => {
  expect(relative(studentUpper(tail, degrees), known)).toBeLessThan(1e-11);
});

test.each([
  [2, 4, 1.5, 0.6189289251396548],
  [2.776, 4, 3, 0.3806222701078517],
  [1, 1, 0.5, 0.5927477364400293],
  [2.2, 10, -1, 0.9978381728789844],
  [3, 2, 2, 0.6293856597184411],
])("noncentral P(T <= %f), %f degrees of freedom, around %f", (t, degrees, noncentrality, known) => {
  expect(relative(noncentralProbability(t, degrees, noncentrality), known)).toBeLessThan(1e-8);
});

test.each([
  [0.3, 2, 3, 0.3483],
  [0.9, 0.5, 0.5, 0.7951672353008665],
  [0.01, 10, 1, 1e-20],
])("I_%f(%f, %f)", (x, a, b, known) => expect(relative(incompleteBeta(x, a, b), known)).toBeLessThan(1e-12));
