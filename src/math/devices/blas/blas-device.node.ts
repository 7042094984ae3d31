import type { Device, Dtype } from "../../device.ts";
import { requireHere } from "../koffi.node.ts";
import { createWasmDevice, type Sharing } from "../wasm/wasm-device.ts";
import { extendWithBlas } from "./blas-kernels.node.ts";
import { findBlas } from "./find-blas.node.ts";

/**
 * The memory and kernels of `wasm`, with a batch's two big products done by the system's BLAS, one thread a caller.
 * Agrees with `reference` within a tolerance; a BLAS may order its sums by the shape of the product, so a member's last
 * bits can depend on its population.
 * @throws Fault `device` where there is no BLAS, with how to install one.
 */
export async function createBlasDevice(dtype: Dtype, sharing: Sharing): Promise<Device> {
  const { order, description } = findBlas();
  const extension = { extend: extendWithBlas, data: order };
  const variant = { name: "blas", details: description, readsBothWays: true, extension, require: requireHere };
  return createWasmDevice(dtype, sharing, variant);
}
