import { expect, test } from "vitest";
import { bar } from "./training-progress.ts";

test.each([
  [0, "[>           ]"],
  [0.5, "[======>     ]"],
  [0.999, "[===========>]"],
  [1, "[============]"],
  [Number.NaN, "[>           ]"],
])("%d done is %s", (part, shown) => {
  expect(bar(part)).toBe(shown);
});
