import { expect, test, vi } from "vitest";
import { startNodeHelper } from "./start-helper.node.ts";
import type { Extension } from "./team.ts";
import { createWasmDevice } from "./wasm-device.ts";

const threaded = { threads: 2, workAPart: 1, startHelper: startNodeHelper };
const variantOf = (extend: Extension["extend"]) => ({
  name: "test",
  details: "",
  readsBothWays: false,
  extension: { extend, data: undefined },
  require: () => undefined,
});

test.each<{ what: string; extend: Extension["extend"] }>([
  {
    what: "a kernel that throws",
    extend: (_data, _memory, kernels) => ({
      ...kernels,
      relu_f32: (part) => {
        if (part > 0) throw new Error("no");
        return 0;
      },
    }),
  },
  {
    what: "kernels that cannot be made",
    extend: (_data, _memory, kernels, require) => {
      require(`${"no"}-package`);
      return kernels;
    },
  },
])("$what in another thread is an error, not a wait for ever", async ({ extend }) => {
  const run = async () => {
    const device = await createWasmDevice("f32", threaded, variantOf(extend));
    const h = device.tensor([4]);
    device.relu(h, h);
  };
  await expect(run()).rejects.toThrow("failed in another thread");
});

test("a helper that never starts, and one that never answers, end the wait with what can be done", async () => {
  const patience = { start: 20, part: 20 };
  const never = createWasmDevice("f32", { threads: 3, workAPart: 1, startHelper: () => () => {}, patience });
  await expect(never).rejects.toMatchObject({
    code: "device",
    message: expect.stringContaining("2 helper threads were wanted, and 0 started"),
    remedy: expect.stringContaining("GRADUS_THREADS=1"),
  });
  const refusing = createWasmDevice("f32", {
    ...{ threads: 2, workAPart: 1, patience },
    startHelper: () => {
      throw new Error("no more threads");
    },
  });
  await expect(refusing).rejects.toMatchObject({ code: "device", cause: { message: "no more threads" } });

  const silent: Extension["extend"] = (_data, _memory, kernels) => ({
    ...kernels,
    relu_f32: (part) => {
      while (part > 0) {}
      return 0;
    },
  });
  const device = await createWasmDevice(
    "f32",
    { ...threaded, patience: { start: 20_000, part: 20 } },
    variantOf(silent),
  );
  const h = device.tensor([4]);
  expect(() => device.relu(h, h)).toThrow("a helper thread does not answer: relu_f32");
  device.close();
});

test("a process that is stopped for hours while it waits goes on", async () => {
  const slow: Extension["extend"] = (_data, _memory, kernels) => ({
    ...kernels,
    relu_f32: (part, ...others) => {
      for (const began = Date.now(); part > 0 && Date.now() - began < 40; ) {}
      return kernels.relu_f32(part, ...others);
    },
  });
  const device = await createWasmDevice("f32", threaded, variantOf(slow));
  const [h, other] = [device.tensor([4]), device.tensor([4])];
  device.relu(other, other); // helpers have started
  device.write(h, [-1, 2, -3, 4]);
  const now = performance.now.bind(performance);
  let calls = 0;
  // The kernel is timed by the first two; the leap lies between two looks at the helper.
  const clock = vi.spyOn(performance, "now").mockImplementation(() => now() + (++calls > 3 ? 3.6e6 : 0));
  try {
    device.relu(h, h);
  } finally {
    clock.mockRestore();
  }
  expect(calls).toBeGreaterThan(3);
  expect([...(await device.read(h))]).toEqual([0, 2, 0, 4]);
  device.close();
});
