import { expect, test } from "vitest";
import { Fault } from "./fault.ts";
import { nearest, unknownName } from "./nearest.ts";

test("the nearest name is found by letters, in any case, and only when it is near", () => {
  const known = ["constant", "step-decay", "triangular"];
  expect(nearest("triangle", known)).toBe("triangular");
  expect(nearest("CONSTNT", known)).toBe("constant");
  expect(nearest("momentum", known)).toBeUndefined();
  expect(nearest("", known)).toBeUndefined();
});

test("an unknown name is refused with a suggestion and the known names", () => {
  expect(unknownName("sed", ["seed", "data"])).toBe('unknown "sed"; did you mean "seed"? known: seed, data');
  expect(unknownName("xyzzy", ["seed"])).toBe('unknown "xyzzy"; known: seed');
});

test("a fault's message begins with its place", () => {
  const fault = new Fault("spec", "training.lambda", "-1; must be at least 0", "give at least 0");
  expect(fault.message).toBe("training.lambda: -1; must be at least 0");
  expect(fault).toMatchObject({ code: "spec", place: "training.lambda", remedy: "give at least 0" });
});
