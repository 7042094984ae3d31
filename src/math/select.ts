import { Fault } from "../fault/fault.ts";
import { unknownName } from "../fault/nearest.ts";
import type { Device, Dtype } from "./device.ts";
import { createReferenceDevice } from "./devices/reference/reference-device.ts";
import { createWasmDevice } from "./devices/wasm/wasm-device.ts";

/** A device that Gradus knows: its precisions, its own first, and what it is for. */
interface Known {
  readonly name: string;
  readonly dtypes: readonly Dtype[];
  readonly purpose: string;
  readonly create: (dtype: Dtype) => Promise<Device>;
}

/** Best first: `auto` takes the first that this machine has. */
export const knownDevices: readonly Known[] = [
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
];

/**
 * The one place where devices are made. `auto` is the best one here that has the precision.
 * @throws Fault `device` for an unknown name, a precision the device does not have, or a device this machine lacks.
 */
export async function createDevice(name: string, dtype?: Dtype): Promise<Device> {
  if (name === "auto") return createBest(dtype);
  const known = knownDevices.find((device) => device.name === name);
  if (known === undefined) {
    const names = ["auto", ...knownDevices.map((device) => device.name)];
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
  return known.create(dtype ?? known.dtypes[0]);
}

async function createBest(dtype?: Dtype): Promise<Device> {
  const fitting = knownDevices.filter((device) => dtype === undefined || device.dtypes.includes(dtype));
  let refusal: unknown;
  for (const { create, dtypes } of fitting) {
    try {
      return await create(dtype ?? dtypes[0]);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      refusal = error;
    }
  }
  throw refusal;
}
