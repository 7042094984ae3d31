import type { Device, Dtype } from "../../device.ts";
import { loadKoffi, requireHere } from "../koffi.node.ts";
import { createWasmDevice, type Sharing } from "../wasm/wasm-device.ts";
import { declarationsOf } from "./declarations.ts";
import { nativeLibrary } from "./library.node.ts";
import { extendWithNative, type NativeOrder } from "./native-kernels.node.ts";

/**
 * The memory, threads and layouts of `wasm`, with its kernels in C (`kernels/`), compiled on this machine for its own
 * instructions: the same operations on every element in the same order, so the same bits.
 * @throws Fault `device` where it cannot be compiled, with what to install
 */
export async function createNativeDevice(dtype: Dtype, sharing: Sharing): Promise<Device> {
  loadKoffi("native", "have a C compiler");
  return deviceOf(await nativeLibrary(dtype), dtype, sharing);
}

/** The device of a library. */
export async function deviceOf(library: string, dtype: Dtype, sharing: Sharing): Promise<Device> {
  const { koffi, path } = loadKoffi("native", "have a C compiler");
  const details = koffi.load(library).func("const char *madeFor()")() as string;
  const order: NativeOrder = { koffi: path, library, declarations: declarationsOf(dtype) };
  const extension = { extend: extendWithNative, data: order };
  return createWasmDevice(dtype, sharing, {
    name: "native",
    details,
    readsBothWays: true,
    gathersLater: true,
    extension,
    require: requireHere,
  });
}
