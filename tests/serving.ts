import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../src/cli/main.ts", import.meta.url));

/** A `gradus serve` of one's own. */
export interface Serving {
  /** With its last slash. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Asks it to end; resolves with its exit code. */
  end(): Promise<number | null>;
}

interface ServingOptions {
  /** 0, one that is free, when absent. */
  readonly port?: number | undefined;
  /** What is looked at only, in place of the store. */
  readonly file?: string | undefined;
}

/** `gradus serve` as a person begins it, on the store in a folder; what it prints is where it is. */
export async function startServing(store: string, { port = 0, file }: ServingOptions = {}): Promise<Serving> {
  const env = { ...process.env, GRADUS_STORE: store };
  const commandLine = ["serve", ...(file === undefined ? [] : [file]), "--port", String(port), "--json"];
  const child = spawn(process.execPath, [program, ...commandLine], { env, stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await Promise.race([
    once(createInterface({ input: child.stdout }), "line"),
    once(child, "exit").then(() => Promise.reject(new Error("gradus serve has ended"))),
  ]);
  const { url } = JSON.parse(line);
  return {
    url,
    port: Number(new URL(url).port),
    pid: child.pid ?? 0,
    async end() {
      if (child.exitCode === null) {
        child.kill("SIGTERM");
        await once(child, "exit");
      }
      return child.exitCode;
    },
  };
}
