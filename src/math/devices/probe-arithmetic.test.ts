import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import type { Device } from "../device.ts";
import { probeArithmetic } from "./probe-arithmetic.ts";
import { createReferenceDevice } from "./reference/reference-device.ts";
import { createWasmDevice } from "./wasm/wasm-device.ts";

/** What an engine finds that was started with flags of its own. */
function inEngine(...flags: string[]): unknown {
  const device = new URL("./wasm/wasm-device.ts", import.meta.url).href;
  const program = `
    import { createWasmDevice } from ${JSON.stringify(device)};
    const found = [];
    for (const dtype of ["f32", "f64"]) {
      const { arithmetic, details } = await createWasmDevice(dtype, { threads: 1 });
      found.push(arithmetic, details);
    }
    console.log(JSON.stringify(found));`;
  const output = execFileSync(process.execPath, [...flags, "--input-type=module", "--eval", program]);
  return JSON.parse(output.toString());
}

test("an engine without fused multiply-add is found out, though it knows the instruction", () => {
  const words = "relaxed SIMD (separate multiplications and additions), 1 thread";
  expect(inEngine("--no-enable-fma3")).toEqual(["separate", words, "separate", words]);
});

test("JavaScript's own arithmetic is separate; a product with a bit more is fused", async () => {
  const reference = createReferenceDevice();
  expect(await probeArithmetic(reference)).toBe("separate");
  const exact: Device["affine"] = (s) => reference.write(s, [2 ** -54]);
  expect(await probeArithmetic({ ...reference, affine: exact })).toBe("fused");
  for (const dtype of ["f32", "f64"] as const) {
    const device = await createWasmDevice(dtype);
    expect(device.arithmetic).toBe(await probeArithmetic(device));
    device.close();
  }
});
