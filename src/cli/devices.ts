import { Fault } from "../fault/fault.ts";
import { createNodeDevice, nodeDevices } from "../math/select.node.ts";
import { createConsole } from "./console.ts";

/** `gradus devices`: every device, whether this machine has it, and what it runs on here. */
export async function devicesCommand(options: { json?: boolean }): Promise<void> {
  const console = createConsole(options);
  const devices = [];
  for (const { name, dtypes, purpose } of nodeDevices) {
    const details = await detailsOf(name);
    devices.push({ name, available: "found" in details, dtypes, purpose, details: Object.values(details)[0] });
  }
  const best = devices.find((device) => device.available)?.name;
  if (console.json) {
    console.document({ auto: best, devices });
    return;
  }
  for (const { name, available, dtypes, purpose, details } of devices) {
    console.say(`${name.padEnd(10)} ${available ? "ready" : "absent"}  ${dtypes.join(", ").padEnd(9)} ${details}`);
    console.say(`${" ".repeat(11)}${purpose}`);
  }
  console.say(`\nauto is ${best}. Choose another with --device NAME.`);
}

async function detailsOf(name: string): Promise<{ found: string } | { lacking: string }> {
  try {
    const device = await createNodeDevice(name);
    const { details } = device;
    device.close();
    return { found: details };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { lacking: error.message };
  }
}
