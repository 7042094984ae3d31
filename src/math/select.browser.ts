import { Fault } from "../fault/fault.ts";
import type { Device, Dtype } from "./device.ts";
import { openHelpers } from "./devices/wasm/start-helper.browser.ts";
import { createWasmDevice, type Sharing } from "./devices/wasm/wasm-device.ts";
import { isSoftware } from "./devices/webgpu/adapter.ts";
import { isWorthTaking } from "./devices/webgpu/race.ts";
import { createPageWebgpuDevice } from "./devices/webgpu/webgpu-device.ts";
import { pageThreads } from "./page-threads.ts";
import { type CreateDevice, type KnownDevice, portableDevices, selector } from "./select.ts";

/** What a worker of a page's can compute on, best first. */
const pageDevices: readonly KnownDevice[] = portableDevices.map((device) =>
  device.name === "wasm" ? { ...device, create: createThreadedWasm } : device,
);

const select = selector(pageDevices);

/**
 * For a worker: threads wait for each other, which the page's own may not. `auto` is the GPU where there is one that is
 * faster than `wasm` by a measurement of some hundred milliseconds; a GPU in software is not asked.
 */
export const createPageDevice: CreateDevice = async (name, dtype, sharing = {}) => {
  const device = await select(name, dtype, sharing);
  return name === "auto" ? await orFasterGpu(device, dtype) : device;
};

/** A GPU in place of `device`, where it is faster. */
export async function orFasterGpu(
  device: Device,
  dtype: Dtype | undefined, // that was asked for
  {
    gpu = navigator.gpu as GPU | undefined,
    create = createPageWebgpuDevice,
    now = () => performance.now(), // milliseconds
  } = {},
): Promise<Device> {
  if (dtype === "f64" || gpu === undefined) return device;
  try {
    const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
    if (adapter === null || isSoftware(adapter.info)) return device;
    const faster = await create();
    const isFaster = await isWorthTaking(faster, device, now);
    (isFaster ? device : faster).close();
    return isFaster ? faster : device;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return device;
  }
}

async function createThreadedWasm(dtype: Dtype, sharing: Sharing = {}) {
  const wanted = Math.min(sharing.threads ?? Number.POSITIVE_INFINITY, pageThreads());
  if (wanted === 1) return await createWasmDevice(dtype, { ...sharing, threads: 1 });
  const { count, startHelper, close } = await openHelpers(wanted - 1);
  try {
    const device = await createWasmDevice(dtype, { ...sharing, threads: count + 1, startHelper });
    return {
      ...device,
      close() {
        device.close();
        close();
      },
    };
  } catch (error) {
    close();
    throw error;
  }
}
