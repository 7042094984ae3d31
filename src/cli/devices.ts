import { Fault } from "../fault/fault.ts";
import type { Device } from "../math/device.ts";
import { usualThreads } from "../math/process-limits.node.ts";
import { createNodeDevice, nodeDevices } from "../math/select.node.ts";
import { createConsole } from "./console.ts";

/** `gradus devices`: every device, whether this machine has it, what it runs on here, and how fast. */
export async function devicesCommand(options: { json?: boolean }): Promise<void> {
  const console = createConsole(options);
  usualThreads(); // refused for all of them, not for each
  const devices = [];
  for (const { name, dtypes, purpose } of nodeDevices) {
    devices.push({ name, dtypes, purpose, ...(await look(name)) });
  }
  const best = devices.find((device) => device.available)?.name;
  if (console.json) {
    console.document({ auto: best, devices });
    return;
  }
  for (const { name, available, dtypes, purpose, details, gigaflops } of devices) {
    const speed = gigaflops === undefined ? "" : `, ${gigaflops.toFixed(gigaflops < 10 ? 1 : 0)} GFLOP/s`;
    console.say(
      `${name.padEnd(10)} ${available ? "ready " : "absent"}  ${dtypes.join(", ").padEnd(9)} ${details}${speed}`,
    );
    console.say(`${" ".repeat(11)}${purpose}`);
  }
  console.say(`\nauto is ${best}. Choose another with --device NAME.`);
}

async function look(name: string): Promise<{ available: boolean; details: string; gigaflops?: number }> {
  try {
    const device = await createNodeDevice(name);
    const gigaflops = await probe(device);
    device.close();
    return { available: true, details: device.details, gigaflops };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { available: false, details: `${error.complaint}; ${error.remedy}` };
  }
}

/** Billions of multiplications and additions a second in the first layer's product of eight 50-node networks. */
async function probe(device: Device): Promise<number> {
  const [members, out, inputs] = [8, 50, 3072];
  const w = device.tensor([members, out, inputs]);
  // `from({ length })` takes four times as long.
  const numbers = (size: number, factor: number) =>
    new Float64Array(size).map((_, i) => ((i * factor) % 1000) / 1000 - 0.5);
  device.write(w, numbers(w.size, 7919));
  const b = device.tensor([members, out, 1]);
  /** Gigaflops of as many products as fit into the time, and one at least, of `n` images. */
  const speed = async (n: number, milliseconds: number): Promise<number> => {
    const x = device.batch(inputs, n);
    device.write(x, numbers(x.size, 104_729));
    const s = device.tensor([members, out, n]);
    const once = () => {
      device.affine(s, w, x, b);
      return device.read(b); // waits for what is queued
    };
    await once();
    const began = performance.now();
    let [times, elapsed] = [0, 0];
    do {
      await once();
      times++;
      elapsed = performance.now() - began;
    } while (elapsed < milliseconds);
    return (2 * members * out * inputs * n * times) / (elapsed * 1e6);
  };
  // A mini-batch takes a device without kernels a third of a second.
  const small = await speed(4, 25);
  return small < 1 ? small : await speed(100, 250);
}
