import { createBlasDevice } from "./devices/blas/blas-device.node.ts";
import { startNodeHelper } from "./devices/wasm/start-helper.node.ts";
import { createWasmDevice } from "./devices/wasm/wasm-device.ts";
import { type CreateDevice, type KnownDevice, portableDevices, selector } from "./select.ts";

const threaded = { startHelper: startNodeHelper };

/** What Node can compute on, best first: a BLAS where there is one, and the portable devices with all processors. */
export const nodeDevices: readonly KnownDevice[] = [
  {
    name: "blas",
    dtypes: ["f32", "f64"],
    purpose: "the kernels of wasm, with the big products done by the system's BLAS: fastest",
    create: (dtype, sharing) => createBlasDevice(dtype, { ...threaded, ...sharing }),
  },
  ...portableDevices.map((device) => (device.name === "wasm" ? { ...device, create: createThreadedWasm } : device)),
];

export const createNodeDevice: CreateDevice = selector(nodeDevices);

function createThreadedWasm(...[dtype, sharing]: Parameters<KnownDevice["create"]>) {
  return createWasmDevice(dtype, { ...threaded, ...sharing });
}
