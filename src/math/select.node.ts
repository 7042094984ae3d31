import { createBlasDevice } from "./devices/blas/blas-device.node.ts";
import { createNativeDevice } from "./devices/native/native-device.node.ts";
import { startNodeHelper } from "./devices/wasm/start-helper.node.ts";
import { createWasmDevice } from "./devices/wasm/wasm-device.ts";
import { type CreateDevice, type KnownDevice, portableDevices, selector } from "./select.ts";

const threaded = { startHelper: startNodeHelper };

/** What Node can compute on, best first; all have all processors. What is not exact comes last: `auto` never means it. */
export const nodeDevices: readonly KnownDevice[] = [
  {
    name: "native",
    dtypes: ["f32", "f64"],
    purpose: "the kernels of wasm in C, compiled on this machine: fastest, and the same bits as wasm",
    create: (dtype, sharing) => createNativeDevice(dtype, { ...threaded, ...sharing }),
  },
  ...portableDevices.map((device) => (device.name === "wasm" ? { ...device, create: createThreadedWasm } : device)),
  {
    name: "blas",
    dtypes: ["f32", "f64"],
    purpose: "the kernels of wasm, with the big products done by the system's BLAS: within a tolerance",
    create: (dtype, sharing) => createBlasDevice(dtype, { ...threaded, ...sharing }),
  },
];

export const createNodeDevice: CreateDevice = selector(nodeDevices);

function createThreadedWasm(...[dtype, sharing]: Parameters<KnownDevice["create"]>) {
  return createWasmDevice(dtype, { ...threaded, ...sharing });
}
