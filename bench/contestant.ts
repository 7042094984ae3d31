import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Timed } from "./pipe.ts";

/** A process that does the work its own way, and waits on its input in between. */
export interface Contestant {
  /** Library and version, as it says itself. */
  readonly description: string;
  /** @throws Error why it failed */
  ask(work: string, count: number): Promise<Timed>;
  leave(): void;
}

/** Minutes after which a request counts as failed: a whole search on a slow machine takes some. */
const patience = 20;

/**
 * Starts a contestant; `pipe.ts` describes what is said over the pipe.
 * @throws Error when it is not installed or cannot run here
 */
export async function enter(
  command: string,
  commandArguments: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Contestant> {
  const child = spawn(command, commandArguments, {
    env: { ...process.env, ...environment },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    complaint = (complaint + text).slice(-2000);
  });
  child.stdin.on("error", () => {}); // it has ended: said by `answer`
  const ended = once(child, "close").then(
    ([code]) => `it ended with exit code ${code}: ${complaint.trim().split("\n").at(-1)}`,
    (error: Error) => error.message,
  );
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

  /** The rest of the next line that begins with one of `words`, or of one that begins with a number. */
  async function answer(): Promise<string> {
    const timer = setTimeout(() => child.kill("SIGKILL"), patience * 60_000);
    try {
      for (;;) {
        const { value: line, done } = await lines.next();
        if (done) throw new Error(await ended);
        if (line.startsWith("failed ")) throw new Error(line.slice("failed ".length));
        if (line.startsWith("ready ") || /^\d/.test(line)) return line;
      }
    } finally {
      clearTimeout(timer);
    }
  }

  const description = (await answer()).slice("ready ".length);
  return {
    description,
    async ask(work, count) {
      child.stdin.write(`${work} ${count}\n`);
      const [microseconds, value] = (await answer()).split(" ").map(Number);
      return { microseconds, value };
    },
    leave() {
      child.stdin.end();
      setTimeout(() => child.kill(), 2000).unref(); // if it is still at work
    },
  };
}
