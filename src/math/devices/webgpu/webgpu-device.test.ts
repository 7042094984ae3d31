import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Device } from "../../device.ts";
import { orFasterGpu } from "../../select.browser.ts";
import { createNodeDevice } from "../../select.node.ts";
import { createReferenceDevice } from "../reference/reference-device.ts";
import { type AdapterInfo, adapterDetails, isSoftware } from "./adapter.ts";
import { dawnVersion } from "./webgpu-device.node.ts";
import { createWebgpuDevice } from "./webgpu-device.ts";

// What no GPU has to be there for; tests/slow/webgpu.test.ts computes with one.

const apple: AdapterInfo = {
  vendor: "apple",
  architecture: "metal-3",
  device: "",
  description: "",
  isFallbackAdapter: false,
};

/** A WebGPU whose GPU does as it is told: it answers with zeros, or as `answer` says. */
function fakeGpu({ info = apple, answer = async () => {} }: { info?: AdapterInfo; answer?: () => Promise<void> } = {}) {
  const listeners: ((event: { error: Error }) => void)[] = [];
  let lose = (_: { reason: string; message: string }) => {};
  const buffer = (size: number) => ({
    size,
    mapAsync: answer,
    getMappedRange: (_: number, bytes: number) => new ArrayBuffer(bytes),
    unmap() {},
    destroy() {},
  });
  const pass = { setPipeline() {}, setBindGroup() {}, dispatchWorkgroups() {}, end() {} };
  const encoder = { beginComputePass: () => pass, copyBufferToBuffer() {}, clearBuffer() {}, finish: () => ({}) };
  const limits = { maxStorageBufferBindingSize: 1 << 20, maxBufferSize: 1 << 20 };
  const device = {
    limits,
    lost: new Promise((resolve) => {
      lose = resolve;
    }),
    queue: { submit() {}, writeBuffer() {} },
    createBuffer: ({ size }: { size: number }) => buffer(size),
    createBindGroupLayout: () => ({}),
    createPipelineLayout: () => ({}),
    createShaderModule: () => ({}),
    createComputePipeline: () => ({}),
    createBindGroup: () => ({}),
    createCommandEncoder: () => encoder,
    addEventListener: (_: string, listener: (event: { error: Error }) => void) => listeners.push(listener),
    destroy() {},
  };
  const gpu = { requestAdapter: async () => ({ info, limits, requestDevice: async () => device }) };
  return {
    gpu: gpu as unknown as GPU,
    complain: (error: Error) => {
      for (const listener of listeners) listener({ error });
    },
    lose: (message: string) => lose({ reason: "unknown", message }),
  };
}

describe("is refused, with a remedy,", () => {
  const refusal = (promise: Promise<unknown>) => promise.catch((error: unknown) => error);

  test("where there is no WebGPU, no adapter, or one that cannot be opened", async () => {
    const fault = { code: "device", place: "device", remedy: "buy one" };
    const none = { requestAdapter: async () => null } as unknown as GPU;
    const closed = {
      requestAdapter: async () => ({
        info: apple,
        limits: {},
        requestDevice: () => Promise.reject(new Error("in use")),
      }),
    };
    expect(await refusal(createWebgpuDevice(undefined, "buy one"))).toMatchObject({
      ...fault,
      complaint: /no WebGPU here/,
    });
    expect(await refusal(createWebgpuDevice(none, "buy one"))).toMatchObject({ ...fault, complaint: /no GPU/ });
    expect(await refusal(createWebgpuDevice(closed as unknown as GPU, "buy one"))).toMatchObject({
      ...fault,
      complaint: /cannot be opened: in use/,
    });
  });

  test("where a tensor is larger than the GPU takes in one piece", async () => {
    const device = await createWebgpuDevice(fakeGpu().gpu, "");
    expect(() => device.tensor([300_000])).toThrow(/2 MB in one piece, and apple metal-3 takes 2 MB at most/);
    device.tensor([200_000]);
  });

  test("when the GPU is lost, or has no memory left: at the next look", async () => {
    const lost = fakeGpu({ answer: () => Promise.reject(new Error("AbortError")) });
    const device = await createWebgpuDevice(lost.gpu, "");
    lost.lose("the driver was reset");
    expect(await refusal(device.read(device.tensor([3])))).toMatchObject({
      code: "device",
      complaint: "webgpu: the GPU was lost: the driver was reset",
      remedy: /checkpoint.*--device wasm/,
    });

    const full = fakeGpu();
    const crowded = await createWebgpuDevice(full.gpu, "");
    const tensor = crowded.tensor([3]);
    expect([...(await crowded.read(tensor))]).toEqual([0, 0, 0]);
    full.complain(new (class GPUOutOfMemoryError extends Error {})("no 2 GB"));
    expect(await refusal(crowded.read(tensor))).toMatchObject({ code: "device", complaint: /no memory left: no 2 GB/ });
  });

  test("what is Gradus's own mistake is a defect and no refusal", async () => {
    const mistaken = fakeGpu();
    const device = await createWebgpuDevice(mistaken.gpu, "");
    mistaken.complain(new Error("binding 3 is missing"));
    const error = await refusal(device.read(device.tensor([1])));
    expect(error).toMatchObject({ message: "webgpu: binding 3 is missing" });
    expect(error).not.toHaveProperty("code");
  });

  test("in double precision", async () => {
    expect(await refusal(createNodeDevice("webgpu", "f64"))).toMatchObject({
      code: "device",
      place: "dtype",
      complaint: /f64 is not a precision of the device webgpu, which computes in f32/,
    });
  });
});

test("a GPU in software is known by what it says, or by its name", () => {
  expect(isSoftware(apple)).toBe(false);
  expect(isSoftware({ ...apple, isFallbackAdapter: true })).toBe(true);
  for (const description of [
    "llvmpipe (LLVM 15.0.6, 256 bits)",
    "SwiftShader Device (Subzero)",
    "Microsoft Basic Render Driver",
  ]) {
    expect(isSoftware({ ...apple, description }), description).toBe(true);
  }
  expect(adapterDetails(apple)).toBe("apple metal-3");
  expect(adapterDetails({ ...apple, vendor: "mesa", architecture: "", description: "llvmpipe" })).toBe(
    "mesa llvmpipe, in software on the processor",
  );
});

test("the package that a refusal names is the one that Gradus knows", () => {
  const { peerDependencies } = JSON.parse(readFileSync(new URL("../../../../package.json", import.meta.url), "utf8"));
  expect(peerDependencies.webgpu).toBe(dawnVersion);
});

describe("auto in a page", () => {
  /** A device that does nothing and takes `milliseconds` a look, by a clock of the test's own. */
  function setUp({ gpu, wasm }: { gpu: number; wasm: number }) {
    const closed: string[] = [];
    let time = 0;
    const device = (name: string, milliseconds: number): Device => ({
      ...createReferenceDevice(),
      name,
      readsSlowly: true,
      affine() {},
      outerProduct() {},
      gather() {},
      async read() {
        time += milliseconds;
        return new Float64Array(1);
      },
      close: () => closed.push(name),
    });
    const create = async () => device("webgpu", gpu);
    const choose = (info = apple, dtype?: "f64") =>
      orFasterGpu(device("wasm", wasm), dtype, { gpu: fakeGpu({ info }).gpu, create, now: () => time });
    return { choose, closed };
  }

  test("is a GPU that is faster by half, and the other is closed", async () => {
    const fast = setUp({ gpu: 10, wasm: 20 });
    expect((await fast.choose()).name).toBe("webgpu");
    expect(fast.closed).toEqual(["wasm"]);
    const slow = setUp({ gpu: 15, wasm: 20 });
    expect((await slow.choose()).name).toBe("wasm");
    expect(slow.closed).toEqual(["webgpu"]);
  });

  test("is never one in software, or one without the precision, and they are not even tried", async () => {
    const { choose, closed } = setUp({ gpu: 1, wasm: 20 });
    expect((await choose({ ...apple, isFallbackAdapter: true })).name).toBe("wasm");
    expect((await choose(apple, "f64")).name).toBe("wasm");
    expect(closed).toEqual([]);
  });
});
