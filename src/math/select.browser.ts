import { openHelpers } from "./devices/wasm/start-helper.browser.ts";
import { createWasmDevice } from "./devices/wasm/wasm-device.ts";
import { pageThreads } from "./page-threads.ts";
import { type CreateDevice, type KnownDevice, portableDevices, selector } from "./select.ts";

/** What a worker of a page's can compute on, best first. */
const pageDevices: readonly KnownDevice[] = portableDevices.map((device) =>
  device.name === "wasm" ? { ...device, create: createThreadedWasm } : device,
);

/** For a worker: threads wait for each other, which the page's own may not. */
export const createPageDevice: CreateDevice = selector(pageDevices);

async function createThreadedWasm(...[dtype, sharing = {}]: Parameters<KnownDevice["create"]>) {
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
