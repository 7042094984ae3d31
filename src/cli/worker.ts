import { hostname } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { type WorkEvent, work } from "../cluster/work.ts";
import { listWorkers } from "../cluster/workers.ts";
import { Fault } from "../fault/fault.ts";
import { createNodeDevice } from "../math/select.node.ts";
import { numberText } from "../plot/number-text.ts";
import { nothing } from "../report/text-table.ts";
import { connectPostgres } from "../store/postgres-database.node.ts";
import { isLost } from "../store/postgres-faults.node.ts";
import { openPostgresStore, type PostgresStore } from "../store/postgres-store.node.ts";
import { openProcessTrainer } from "../worker/train-in-process.node.ts";
import { type Console, conclude, createConsole } from "./console.ts";
import { fetchProgress } from "./data.ts";
import { interruptible } from "./interrupt.ts";
import { packName } from "./pack-name.ts";
import { requireDatabase } from "./require-database.ts";

interface WorkerOptions {
  readonly device?: string;
  readonly idleExit?: number;
  readonly checkpointSeconds?: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** `gradus worker` */
export async function workerCommand(options: WorkerOptions): Promise<void> {
  const console = createConsole(options);
  const { device = "auto", idleExit, checkpointSeconds } = options;
  const address = requireDatabase("a worker");
  // Refused where it is not here, before anything is taken.
  const here = await createNodeDevice(device);
  here.close();
  const store = await opened(address, console);
  const trainer = openProcessTrainer();
  let packs = 0;
  const listen = listener(console);
  try {
    await interruptible(
      "worker",
      (signal) =>
        work(store, {
          signal,
          train: trainer.train,
          device,
          deviceName: here.name,
          idleSeconds: idleExit,
          checkpointSeconds,
          onFetch: fetchProgress(console),
          listen(event) {
            if (event.kind === "done") packs += 1;
            listen(event);
          },
        }),
      () => "what it had begun goes on elsewhere; start it again whenever you like",
    );
  } finally {
    await trainer.close();
    await store.close();
  }
  conclude(console, { store: store.place, packs }, undefined);
}

/** Milliseconds that a database may be away when a worker begins: a machine may start while it is started again. */
const PATIENCE = 30_000;

async function opened(address: string, console: Console): Promise<PostgresStore> {
  const until = performance.now() + PATIENCE;
  for (;;) {
    try {
      return await openPostgresStore(address);
    } catch (error) {
      if (!(error instanceof Fault) || !isLost(error.cause) || performance.now() > until) throw error;
      console.progress([`waiting for the database: ${error.message}`], "waiting");
      await pause(1000);
    }
  }
}

function listener(console: Console): (event: WorkEvent) => void {
  return (event) => {
    if (event.kind === "progress") {
      const { pack, step, steps } = event;
      console.progress([packName(pack), `update ${step}/${steps}`], `${pack.id} ${Math.floor((4 * step) / steps)}`);
      return;
    }
    if (event.kind === "ready")
      console.say(`worker ${event.worker.slice(0, 8)} on ${hostname()} waits for trials; Ctrl-C ends it`);
    else if (event.kind === "waiting") console.progress([`waiting for the database: ${event.complaint}`], "waiting");
    else if (event.kind === "began")
      console.say(`began ${packName(event.pack)}${event.attempt > 1 ? `, attempt ${event.attempt}` : ""}`);
    else if (event.kind === "resumed") {
      const { trials } = event.pack.runs[0];
      console.say(`goes on after update ${event.step}${trials.length === 1 ? "" : ` of trial ${trials[event.link]}`}`);
    } else if (event.kind === "failed") console.say(`failed ${packName(event.pack)}: ${event.complaint}`);
    else if (event.kind === "superseded") console.say(`${packName(event.pack)} is another worker's by now: left alone`);
    else console.say(`${event.kind} ${packName(event.pack)}`);
  };
}

/** `gradus workers` */
export async function workersCommand(options: { readonly json?: boolean }): Promise<void> {
  const console = createConsole(options);
  const address = requireDatabase("a list of workers");
  const database = await connectPostgres(address);
  try {
    const store = await openPostgresStore(address);
    await store.close();
    const workers = await listWorkers(database);
    console.table({
      caption: `Workers of ${database.place}`,
      columns: [
        { header: "worker", kind: "text" },
        { header: "host", kind: "text" },
        { header: "device", kind: "text" },
        { header: "state", kind: "text" },
        { header: "trains", kind: "text" },
        { header: "updates/s", kind: "number" },
        { header: "heard of (s ago)", kind: "number" },
      ],
      groups: [
        {
          rows: workers.map(({ worker, host, device, state, study, trials, stepsPerSecond, heardSecondsAgo }) => ({
            cells: [
              worker.slice(0, 8),
              host,
              device,
              state,
              study === undefined ? nothing : `${study}: ${trials?.join(", ")}`,
              stepsPerSecond === undefined ? nothing : numberText(Math.round(stepsPerSecond), "count"),
              numberText(Math.round(heardSecondsAgo), "count"),
            ],
          })),
        },
      ],
      notes: workers.length === 0 ? ["None in the last day: `gradus worker --store ADDRESS` starts one."] : [],
      explanations: [],
    });
    conclude(console, { store: database.place, workers }, undefined);
  } finally {
    await database.close();
  }
}
