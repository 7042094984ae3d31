import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";

/** A program and the arguments that come before all others. */
export interface Command {
  readonly program: string;
  readonly first: readonly string[];
}

/**
 * How to run the user's own npm, without a shell. Under `npm` and `npx`, the one that is running; else the one on the PATH.
 * Undefined when there is none.
 */
export function npmCommand(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
  exists: (file: string) => boolean = existsSync,
): Command | undefined {
  const { join, dirname, delimiter } = platform === "win32" ? path.win32 : path.posix;
  if (env.npm_execpath) {
    // Under npx the path is that of npx-cli.js, next to npm's; under yarn and pnpm it is theirs, and npm is not beside it.
    const script = join(dirname(env.npm_execpath), "npm-cli.js");
    if (exists(script)) return { program: env.npm_node_execpath || process.execPath, first: [script] };
  }
  const folders = (env.PATH ?? env.Path ?? "").split(delimiter).filter((folder) => folder !== "");
  if (platform !== "win32") {
    const npm = folders.map((folder) => join(folder, "npm")).find(exists);
    return npm === undefined ? undefined : { program: npm, first: [] };
  }
  // On Windows npm is a batch file, which Node starts only through a shell; the script beside it needs none.
  const home = folders.find((folder) => exists(join(folder, "npm.cmd")));
  const script = home === undefined ? "" : join(home, "node_modules", "npm", "bin", "npm-cli.js");
  return exists(script) ? { program: process.execPath, first: [script] } : undefined;
}

/** Runs a command to its end; returns its exit status and what it wrote to standard error. */
export async function run(
  command: Command,
  rest: readonly string[],
  signal: AbortSignal | undefined,
): Promise<{ status: number | null; errors: string }> {
  signal?.throwIfAborted();
  const child = spawn(command.program, [...command.first, ...rest], {
    stdio: ["ignore", "ignore", "pipe"],
    windowsHide: true,
    ...(signal === undefined ? {} : { signal }),
  });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors = (errors + text).slice(-20_000);
  });
  return await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, errors }));
  });
}
