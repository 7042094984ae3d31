import { Fault } from "../../../fault/fault.ts";
import type { Device } from "../../device.ts";
import { createWebgpuDevice } from "./webgpu-device.ts";

/** Dawn, Chrome's WebGPU, for Node: an optional peer, loaded when it is asked for. */
const dawnPackage = "webgpu";

/** What is installed with it, as npm names it. */
export const dawnVersion = "0.6.2";

const needsDriver = "have a driver for Vulkan, Metal or Direct3D 12, or compute on another device: gradus devices";

/** @throws Fault `device` without the package, or without a GPU that it can use */
export async function createNodeWebgpuDevice(): Promise<Device> {
  const gpu = await loadDawn();
  const device = await createWebgpuDevice(gpu, needsDriver);
  // What made the GPU has to stay as long as it does: it lives in this closure.
  return { ...device, close: () => closeWith(gpu, device) };
}

function closeWith(_gpu: GPU, device: Device): void {
  device.close();
}

async function loadDawn(): Promise<GPU> {
  try {
    const { create } = (await import(dawnPackage)) as { create: (flags: string[]) => GPU };
    return create([]);
  } catch (cause) {
    const reason = "webgpu: the optional package webgpu (Dawn), which drives a GPU from Node, is not installed here";
    throw new Fault("device", "device", reason, `npm install ${dawnPackage}@${dawnVersion}; then ${needsDriver}`, {
      cause,
    });
  }
}
