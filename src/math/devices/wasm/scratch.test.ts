import { expect, test } from "vitest";
import { createWasmDevice } from "./wasm-device.ts";

test("products of layers 3,000 wide need a thread's scratch memory for some rows at a time, not for a whole matrix", async () => {
  const device = await createWasmDevice("f32", { threads: 1 });
  const w = device.tensor([1, 3000, 3000]); // 36 MB
  const [ds, dx, b] = [100, 100, 1].map((n) => device.tensor([1, 3000, n]));
  const into = { target: w, base: w, alpha: Float64Array.of(-1), beta: Float64Array.of(1) };
  // Larger than what scratch memory may leave behind, so that it lies beyond all of it.
  const bytes = () => {
    const last = device.reserve(40e6);
    const { byteOffset } = last;
    device.unreserve(last);
    return byteOffset;
  };
  const before = bytes();
  device.transposeProduct(dx, w, ds);
  device.affine(dx, w, ds, b);
  device.outerProduct(into, ds, dx);
  expect(bytes() - before).toBeLessThan(4e6);
  device.close();
});
