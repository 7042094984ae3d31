// Whether a library computes what `wasm` computes, to the bit: node self-test.node.ts LIBRARY DTYPE. Exits with 0 if so, else
// with 1 and the name of a kernel that does not.
import type { Dtype } from "../../device.ts";
import { createWasmDevice } from "../wasm/wasm-device.ts";
import { exercise, exercised, firstDifference } from "./exercise.ts";
import { deviceOf } from "./native-device.node.ts";

const [library, dtype] = process.argv.slice(2) as [string, Dtype];
const oneThread = { threads: 1 };
for (const extents of exercised) {
  const devices = [await createWasmDevice(dtype, oneThread), await deviceOf(library, dtype, oneThread)];
  const [expected, computed] = [await exercise(devices[0], extents), await exercise(devices[1], extents)];
  const kernel = firstDifference(expected, computed);
  if (kernel !== undefined) {
    process.stderr.write(`${kernel}\n`);
    process.exit(1);
  }
  for (const device of devices) device.close();
}
