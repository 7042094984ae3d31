import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { Fault } from "../fault/fault.ts";
import { hashFile } from "../files/hash-file.node.ts";
import type { Cifar10Order, Cifar10Source } from "./cifar10-source.ts";
import { download } from "./download.node.ts";
import { discardPartials } from "./partial.node.ts";
import { unpack } from "./unpack.node.ts";

/** A gzipped tar of the six `.bin` members, under `cifar-10-batches-bin/`. */
export interface Cifar10Archive {
  readonly url: string;
  readonly size: number;
  readonly md5: string;
}

/** The binary version on the dataset's own page, https://www.cs.toronto.edu/~kriz/cifar.html, with the MD5 given there. */
export const officialArchive: Cifar10Archive = {
  url: "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
  size: 170_052_171,
  md5: "c32a1d4ab5d03f1284b67883e8d87530",
};

/** The archive, put into the data folder by hand under its own name; it stays there. */
export function archiveInFolder(archive: Cifar10Archive): Cifar10Source {
  return {
    name: `${archiveName(archive)} in the data folder`,
    deliver: async (order) => {
      const file = path.join(order.folder, archiveName(archive));
      const size = await stat(file).then(
        (stats) => stats.size,
        () => undefined,
      );
      if (size === undefined) throw refusal(file, "no such file");
      if (size !== archive.size) throw refusal(file, `expected ${archive.size} bytes, found ${size}`);
      const md5 = await hashFile(file, "md5");
      if (md5 !== archive.md5) throw refusal(file, `expected MD5 ${archive.md5}, found ${md5}`);
      await deliverFrom(file, order);
    },
  };
}

/** The archive, downloaded; only its members are kept. */
export function archiveOnline(archive: Cifar10Archive): Cifar10Source {
  const partial = (folder: string) => path.join(folder, archiveName(archive));
  return {
    name: archive.url,
    deliver: async (order) => {
      const file = path.join(order.scratch, archiveName(archive));
      await download({
        url: archive.url,
        file,
        partial: partial(order.folder),
        size: archive.size,
        hash: { algorithm: "md5", hex: archive.md5 },
        signal: order.signal,
        onProgress: (done, total) => order.report("download", done, total),
      });
      await deliverFrom(file, order);
    },
    tidy: (folder) => discardPartials(partial(folder)),
  };
}

/** The address's last part. */
function archiveName({ url }: Cifar10Archive): string {
  return path.posix.basename(new URL(url).pathname);
}

async function deliverFrom(archive: string, { members, scratch, signal, keep, report }: Cifar10Order): Promise<void> {
  await unpack(
    archive,
    scratch,
    members.map((member) => `cifar-10-batches-bin/${member}.bin`),
  );
  for (const [at, member] of members.entries()) {
    signal?.throwIfAborted();
    const bytes = await readFile(path.join(scratch, `${member}.bin`)).catch((cause) => {
      throw new Fault("data", archive, `holds no ${member}.bin`, "download it again", { cause });
    });
    await keep(member, bytes, `${archive}: ${member}.bin`);
    report("write", at + 1, members.length);
  }
}

function refusal(file: string, message: string): Fault {
  return new Fault("data", file, message, "download it by hand again");
}
