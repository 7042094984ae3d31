import { openHub, stopHub } from "../cluster/hub.ts";
import { Fault } from "../fault/fault.ts";
import { conclude, createConsole } from "./console.ts";

interface HubOptions {
  readonly host: string;
  readonly port: number;
  readonly folder?: string;
  readonly stop?: boolean;
  readonly json?: boolean;
}

/** `gradus hub` */
export async function hubCommand({ stop = false, json = false, ...options }: HubOptions): Promise<void> {
  const console = createConsole({ json });
  if (stop) {
    const stopped = await stopHub(options.folder);
    if (!console.json) console.say(stopped ? "the hub has ended; its data stays" : "no hub runs");
    conclude(console, { stopped }, undefined);
    return;
  }
  const hub = await openHub(options);
  const { address, folder, isOld } = hub;
  conclude(console, { address, folder, isOld }, undefined);
  if (!console.json) {
    console.say(`${isOld ? "The hub runs already" : "The hub is ready"}; its data lies in ${folder}.`);
    console.say(`\nPaste this line on each machine that is to work:\n\n  GRADUS_STORE='${address}' gradus worker\n`);
    console.say(`and this one where you search:\n\n  export GRADUS_STORE='${address}'\n`);
    console.say("The address holds the password: whoever has it has the store.");
    console.say(isOld ? "`gradus hub --stop` ends it." : "Ctrl-C ends it; what is in it stays.");
  }
  if (isOld) return;
  const signal = await ended();
  await hub.stop();
  if (!console.json) console.say("the hub has ended; its data stays");
  if (signal === "SIGHUP") throw new Fault("interrupted", "hub", "its terminal was closed", "start it again");
}

function ended(): Promise<NodeJS.Signals> {
  // The server is no child that would keep this process.
  const alive = setInterval(() => {}, 2 ** 30);
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.once(signal, () => {
        clearInterval(alive);
        resolve(signal);
      });
    }
  });
}
