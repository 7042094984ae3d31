import { packLease } from "../src/cluster/queue.ts";
import { table } from "./report.ts";

// What one PostgreSQL carries, on paper: what a worker asks of it, by its code, against what was measured here.

/** Of the database that was measured. */
interface Measured {
  /** Appends a second, each on disk when it is acknowledged: by one client, by eight, by 32. */
  readonly one: number;
  readonly eight: number;
  readonly many: number;
  /** Milliseconds of a pack beside its training. */
  readonly result: number;
}

/** Seconds between two heartbeats of a worker, two renewals of its lease, two checkpoints; of a pack as it usually is. */
const [heartbeat, renewal, checkpoint, pack] = [5, packLease / 4, 30, 120];
/** Transactions of a pack: taken, begun, its result. */
const ofPack = 3;
/** Megabytes of a checkpoint of eight networks 3072-50-10 in float32, and of what is beside their weights. */
const megabytes = (8 * (3072 * 50 + 50 + 50 * 10 + 10) * 4) / 1e6;
/** Connections of a worker: its pool's, as it uses them. */
const connections = 3;

export function capacityTable({ one, eight, many, result }: Measured): string {
  const each = 1 / heartbeat + 1 / renewal + ofPack / pack + 1 / checkpoint;
  const rows = [10, 100, 1000].map((workers) => [
    workers.toLocaleString("en"),
    `${workers} x ${each.toFixed(2)} = ${short(workers * each)}`,
    `${Math.round((100 * workers * each) / many)} %`,
    `${workers} / ${pack} s = ${short(workers / pack)}`,
    `${workers} x ${megabytes.toFixed(1)} MB / ${checkpoint} s = ${short((workers * megabytes) / checkpoint)} MB/s`,
    (workers * connections).toLocaleString("en"),
  ]);
  const share = `of ${Math.round(many)} measured`;
  const head = ["workers", "transactions a second", share, "results a second", "checkpoints", "connections"];
  const rates = `${Math.round(one)} transactions a second one after the other, ${Math.round(eight)} from eight clients, ${Math.round(many)} from 32`;
  return [
    `Measured here: ${rates}; ${Math.round(result)} ms of a pack beside its training, three forced writes. A worker asks for`,
    `1/${heartbeat} (heartbeat) + 1/${renewal} (lease) + ${ofPack}/${pack} (a pack of two minutes) + 1/${checkpoint} (checkpoint) = ${each.toFixed(2)} transactions a second:`,
    "",
    table(head, rows),
  ].join("\n");
}

/** In two digits. */
function short(value: number): string {
  return Number(value.toPrecision(2)).toLocaleString("en");
}
