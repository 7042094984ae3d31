import { Fault } from "../fault/fault.ts";
import { unknownName } from "../fault/nearest.ts";
import type { Device, Dtype } from "./device.ts";
import { createReferenceDevice } from "./devices/reference/reference-device.ts";
import { createWasmDevice, type Sharing } from "./devices/wasm/wasm-device.ts";
import { createPageWebgpuDevice } from "./devices/webgpu/webgpu-device.ts";

/** A device that Gradus knows: its precisions, its own first, and what it is for. */
export interface KnownDevice {
  readonly name: string;
  readonly dtypes: readonly Dtype[];
  readonly purpose: string;
  readonly create: (dtype: Dtype, sharing: Sharing) => Promise<Device>;
}

/**
 * Makes a device by name; `auto` is the best one here that has the precision.
 * @throws Fault `device` for an unknown name, a precision the device does not have, or a device this machine lacks.
 */
export type CreateDevice = (name: string, dtype?: Dtype, sharing?: Sharing) => Promise<Device>;

/** What runs everywhere, best first; what is not exact comes last. `select.node.ts` has what only Node can offer. */
export const portableDevices: readonly KnownDevice[] = [
  {
    name: "wasm",
    dtypes: ["f32", "f64"],
    purpose: "SIMD kernels compiled to WebAssembly: Node and browsers, bit-identical from run to run",
    create: createWasmDevice,
  },
  {
    name: "reference",
    dtypes: ["f64"],
    purpose: "naive float64 loops, the meaning of every kernel: slow, for checks",
    create: async () => createReferenceDevice(),
  },
  {
    name: "webgpu",
    dtypes: ["f32"],
    purpose: "kernels in WGSL on a graphics processor: for wide networks and many members at once, within a tolerance",
    create: createPageWebgpuDevice,
  },
];

export const createDevice: CreateDevice = selector(portableDevices);

/** Chooses among devices, best first: this and `select.node.ts` are the only places where devices are made. */
export function selector(devices: readonly KnownDevice[]): CreateDevice {
  return async (name, dtype, sharing = {}) => {
    if (name === "auto") return createBest(devices, dtype, sharing);
    const known = devices.find((device) => device.name === name);
    if (known === undefined) {
      const names = ["auto", ...devices.map((device) => device.name)];
      throw new Fault("device", "device", unknownName(name, names), `give device one of: ${names.join(", ")}`);
    }
    if (dtype !== undefined && !known.dtypes.includes(dtype)) {
      throw new Fault(
        "device",
        "dtype",
        `${dtype} is not a precision of the device ${name}, which computes in ${known.dtypes.join(" and ")}`,
        `leave dtype out, give ${known.dtypes.join(" or ")}, or choose another device`,
      );
    }
    return known.create(dtype ?? known.dtypes[0], sharing);
  };
}

async function createBest(
  devices: readonly KnownDevice[],
  dtype: Dtype | undefined,
  sharing: Sharing,
): Promise<Device> {
  let refusal: unknown;
  for (const { create, dtypes } of devices) {
    if (dtype !== undefined && !dtypes.includes(dtype)) continue;
    try {
      return await create(dtype ?? dtypes[0], sharing);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      refusal = error;
    }
  }
  throw refusal;
}
