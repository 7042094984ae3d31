import { describe, expect, test } from "vitest";
import { moveApart } from "./legend.ts";

describe("moveApart", () => {
  test("leaves heights that are far enough apart", () => {
    expect(moveApart([100, 20], 30, 0, 200)).toEqual([100, 20]);
  });

  test("separates heights that would overlap and keeps their order", () => {
    expect(moveApart([50, 40], 30, 0, 200)).toEqual([70, 40]);
    expect(moveApart([50, 50], 30, 0, 200)).toEqual([50, 80]);
  });

  test("stays within its bounds", () => {
    expect(moveApart([199, 200], 30, 0, 200)).toEqual([170, 200]);
    expect(moveApart([-5, -7], 30, 0, 200)).toEqual([30, 0]);
  });
});
