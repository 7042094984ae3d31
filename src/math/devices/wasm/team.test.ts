import { expect, test } from "vitest";
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
    remedy: expect.stringContaining("taskset"),
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
