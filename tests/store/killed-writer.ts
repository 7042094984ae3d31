import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { openSqliteStore } from "../../src/store/sqlite-store.node.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What a writer was told is on disk. */
export interface Acknowledged {
  entries: number;
  readonly artifacts: Set<string>;
  /** What it said besides. */
  complaint: string;
}

/** Starts `writer.ts`; `acknowledged` grows while it writes. */
export function startWriter(folder: string, run: string, seed: number, through: readonly string[] = []) {
  const [program, ...rest] = [...through, process.execPath, "tests/store/writer.ts", folder, run, String(seed)];
  const child = spawn(program, rest, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  const acknowledged: Acknowledged = { entries: 0, artifacts: new Set(), complaint: "" };
  let line = "";
  let opened = () => {};
  const open = new Promise<void>((resolve) => {
    opened = resolve;
  });
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    const lines = (line + text).split("\n");
    line = lines.pop() ?? "";
    for (const [what, value] of lines.map((one) => one.split(" "))) {
      if (what === "open") opened();
      if (what === "entries") acknowledged.entries = Number(value);
      if (what === "artifact") acknowledged.artifacts.add(value);
    }
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    acknowledged.complaint += text;
  });
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  return { child, acknowledged, open, ended };
}

/** Lets a writer write for so many milliseconds from when it has opened the store, and kills it. */
export async function killAfter(
  { child, open, ended }: { child: ChildProcess; open: Promise<void>; ended: Promise<void> },
  milliseconds: number,
): Promise<void> {
  await Promise.race([open, ended]);
  await pause(milliseconds);
  child.kill("SIGKILL");
  await ended;
}

/** What is not as it was acknowledged; [] when all is. */
export async function broken(folder: string, run: string, { entries, artifacts }: Acknowledged): Promise<string[]> {
  const store = await openSqliteStore(folder);
  try {
    const found = await store.read(run);
    const complaints = [...store.integrity()];
    if (found.length < entries) complaints.push(`${entries} entries acknowledged, ${found.length} there`);
    // An append of at most five entries may have arrived without its acknowledgement.
    if (found.length > entries + 5) complaints.push(`${entries} entries acknowledged, ${found.length} there`);
    const stranger = found.findIndex((entry, i) => !entry.startsWith(`${run} ${i} x`));
    if (stranger >= 0) complaints.push(`entry ${stranger} is ${found[stranger].slice(0, 40)}`);
    for (const id of artifacts) {
      if ((await store.get(run, id)) === undefined) complaints.push(`artifact ${id.slice(0, 8)} is gone`);
    }
    return complaints;
  } finally {
    await store.close();
  }
}
