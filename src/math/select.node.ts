import { startNodeHelper } from "./devices/wasm/start-helper.node.ts";
import { createWasmDevice } from "./devices/wasm/wasm-device.ts";
import { type CreateDevice, type KnownDevice, portableDevices, selector } from "./select.ts";

/** What Node can compute on, best first: the portable devices, with all processors. */
export const nodeDevices: readonly KnownDevice[] = portableDevices.map((device) =>
  device.name === "wasm"
    ? { ...device, create: (dtype, sharing) => createWasmDevice(dtype, { startHelper: startNodeHelper, ...sharing }) }
    : device,
);

export const createNodeDevice: CreateDevice = selector(nodeDevices);
