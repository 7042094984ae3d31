import { expect, test } from "vitest";
import { startOf } from "./learning-start.ts";

const course = (...losses: number[]) =>
  losses.map((loss, at) => ({ step: 100 * at, train: { loss, cost: loss, accuracy: 0.1 } }));

test.each<[what: string, losses: number[], update: number | undefined]>([
  ["at once", [2.3, 2.0, 1.7, 1.5], 100],
  ["after a plateau", [2.3, 2.3, 2.299, 2.2, 1.5], 300],
  ["where a tenth of the fall is just made", [2, 1.9, 1], 100],
  ["never on a plateau", [2.4, 2.4, 2.39], undefined],
  ["after it rose", [2.3, 9, 2.1, 1.3], 200],
  ["never where it only rises", [2.3, 9], undefined],
  ["never where nothing was measured", [], undefined],
  ["before it left the finite", [2.3, 1.2, Number.NaN], 100],
])("learning starts %s", (_what, losses, update) => {
  expect(startOf(course(...losses))).toBe(update);
});
