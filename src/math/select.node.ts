import { createBlasDevice } from "./devices/blas/blas-device.node.ts";
import { createNativeDevice } from "./devices/native/native-device.node.ts";
import { startNodeHelper } from "./devices/wasm/start-helper.node.ts";
import type { Sharing } from "./devices/wasm/wasm-device.ts";
import { createNodeWebgpuDevice } from "./devices/webgpu/webgpu-device.node.ts";
import { deviceShare, roomLeft, usualThreads } from "./process-limits.node.ts";
import { type CreateDevice, type KnownDevice, portableDevices, selector } from "./select.ts";

/** What Node can compute on, best first. What is not exact comes last: `auto` never means it. */
export const nodeDevices: readonly KnownDevice[] = [
  {
    name: "native",
    dtypes: ["f32", "f64"],
    purpose: "the kernels of wasm in C, compiled on this machine: fastest, and the same bits as wasm",
    create: createNativeDevice,
  },
  ...portableDevices.filter(({ name }) => name !== "webgpu"),
  {
    name: "blas",
    dtypes: ["f32", "f64"],
    purpose: "the kernels of wasm, with the big products done by the system's BLAS: within a tolerance",
    create: createBlasDevice,
  },
  ...portableDevices
    .filter(({ name }) => name === "webgpu")
    .map((device) => ({ ...device, create: createNodeWebgpuDevice })),
];

const select = selector(nodeDevices);

/** What `$GRADUS_THREADS` says is refused before `auto` tries a device, which takes a refusal as its absence. */
export const createNodeDevice: CreateDevice = async (name, dtype, sharing = {}) => select(name, dtype, onNode(sharing));

/** As many threads as are wanted, as far as the limits of this process have room for them. */
function onNode({ threads = usualThreads(), ...sharing }: Sharing): Sharing {
  const { helpers, memoryBytes } = deviceShare(roomLeft());
  return { startHelper: startNodeHelper, mostBytes: memoryBytes, ...sharing, threads: Math.min(threads, helpers + 1) };
}
