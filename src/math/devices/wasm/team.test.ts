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
