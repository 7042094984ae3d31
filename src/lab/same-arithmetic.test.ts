import { expect, test } from "vitest";
import type { DeviceDescription } from "../record/event.ts";
import { deviceToGoOnWith, isExactOn, requireSameArithmetic } from "./same-arithmetic.ts";

type Arithmetic = NonNullable<DeviceDescription["arithmetic"]>;

const on = (name: string, arithmetic: Arithmetic = "fused", details = ""): DeviceDescription => ({
  name,
  dtype: "f32",
  arithmetic,
  details,
});

test.each([
  ["native", "native", "auto"],
  ["auto", "native", "auto"],
  ["auto", "wasm", "auto"],
  ["wasm", "wasm", "wasm"],
  ["auto", "blas", "blas"],
  ["auto", "reference", "reference"],
  ["auto", "webgpu", "webgpu"],
])("asked for %s and begun on %s, a run goes on with %s", (requested, before, expected) => {
  expect(deviceToGoOnWith(requested, on(before))).toBe(expected);
});

test("a run that had not begun goes on with what was asked for", () => {
  expect(deviceToGoOnWith("auto", undefined)).toBe("auto");
});

test("native and wasm go on with each other's runs where their multiply-adds are alike, others with their own", () => {
  expect(() => requireSameArithmetic(on("native"), on("wasm"))).not.toThrow();
  expect(() => requireSameArithmetic(on("wasm"), on("native"))).not.toThrow();
  expect(() => requireSameArithmetic(on("native"), on("wasm", "separate"))).toThrow(
    /fused multiply-adds, now separate/,
  );
  expect(() => requireSameArithmetic(on("blas"), on("native"))).toThrow(/device blas, now native/);
  expect(() => requireSameArithmetic(on("wasm"), on("blas"))).toThrow(/device wasm, now blas/);
});

test("a run of a GPU goes on with that GPU alone, and only there its bits are compared", () => {
  const [here, elsewhere] = ["apple metal-3", "nvidia ampere"].map((gpu) => on("webgpu", "unspecified", gpu));
  expect(() => requireSameArithmetic(here, here)).not.toThrow();
  expect(isExactOn(here, here)).toBe(true);
  expect(() => requireSameArithmetic(here, elsewhere)).toThrow(/GPU apple metal-3, now nvidia ampere/);
  expect(isExactOn(here, elsewhere)).toBe(false);
  expect(() => requireSameArithmetic(here, on("wasm"))).toThrow(/device webgpu, now wasm; unspecified multiply-adds/);
  expect(() => requireSameArithmetic(on("wasm"), here)).toThrow(/device wasm, now webgpu/);
});
