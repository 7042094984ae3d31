import { execFile } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { homedir, networkInterfaces } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { Fault } from "../fault/fault.ts";
import { postgresPrograms } from "./postgres-programs.ts";
import {
  answers,
  initialise,
  localAddress,
  ownBy,
  passwordFile,
  serverPid,
  startServer,
  stopServer,
} from "./private-postgres.ts";

// A database for those who have none: a PostgreSQL of the user's own, with one address to paste on other machines.

export interface Hub {
  readonly folder: string;
  /** What other machines are given. */
  readonly address: string;
  /** It had been running before. */
  readonly isOld: boolean;
  stop(): Promise<void>;
}

export interface HubOptions {
  readonly folder?: string | undefined;
  readonly port: number;
  /** `127.0.0.1`, or what others reach it by: then with TLS. */
  readonly host: string;
}

const loopback: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "::1"]);

/** The folder of the user's data; root's home, which nobody else may enter, is no place for a server that does not run as root. */
function hubFolder(environment: NodeJS.ProcessEnv = process.env): string {
  if (process.getuid?.() === 0) return "/var/lib/gradus/hub";
  const { XDG_DATA_HOME = "", LOCALAPPDATA = "" } = environment;
  if (process.platform === "win32") return path.join(LOCALAPPDATA || homedir(), "gradus", "hub");
  if (process.platform === "darwin") return path.join(homedir(), "Library", "Application Support", "gradus", "hub");
  const data = path.isAbsolute(XDG_DATA_HOME) ? XDG_DATA_HOME : path.join(homedir(), ".local", "share");
  return path.join(data, "gradus", "hub");
}

/**
 * Starts the hub, or finds the one that runs. @throws Fault `usage` where there is no PostgreSQL; `network` where it does not
 * start; `output` where its folder cannot be written
 */
export async function openHub({ folder: named, port, host }: HubOptions): Promise<Hub> {
  const folder = path.resolve(named ?? hubFolder());
  const file = path.join(folder, "hub.json");
  const stop = async () => await stopServer(folder, "fast");
  const known = await running(folder, file);
  if (known !== undefined) {
    if (known.port === port && known.host === host) return { folder, address: known.address, isOld: true, stop };
    const complaint = `one runs in ${folder} already, on ${known.host}:${known.port}`;
    throw new Fault("usage", "hub", complaint, "`gradus hub --stop` ends it; or name another --folder");
  }
  const programs = postgresPrograms();
  await initialise({ programs, folder });
  const isLocal = loopback.has(host);
  const settings = isLocal ? [] : await secured(folder);
  const server = await startServer({ programs, folder, port, host: isLocal ? "127.0.0.1" : "*", settings });
  const address = isLocal ? localAddress(server) : remoteAddress(server, reachedBy(host), folder);
  writeFileSync(file, JSON.stringify({ host, port, address }), { mode: 0o600 });
  return { folder, address, isOld: false, stop };
}

/** Ends a hub; false where none runs. */
export async function stopHub(named?: string): Promise<boolean> {
  const folder = path.resolve(named ?? hubFolder());
  if ((await running(folder, path.join(folder, "hub.json"))) === undefined) return false;
  await stopServer(folder, "fast");
  return true;
}

/** One that answers to its own password. */
async function running(
  folder: string,
  file: string,
): Promise<{ host: string; port: number; address: string } | undefined> {
  if (serverPid(folder) === undefined || !existsSync(file)) return undefined;
  const known = JSON.parse(readFileSync(file, "utf8"));
  const password = readFileSync(passwordFile(folder), "utf8");
  return (await answers(localAddress({ port: known.port, password }))) ? known : undefined;
}

/** Settings of TLS and of who may come: from elsewhere only with it. */
async function secured(folder: string): Promise<readonly string[]> {
  const [certificate, key] = ["server.crt", "server.key"].map((name) => path.join(folder, name));
  if (!existsSync(certificate)) {
    const options = [
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:prime256v1",
      "-nodes",
      "-days",
      "3650",
    ];
    try {
      await promisify(execFile)("openssl", [
        ...options,
        "-subj",
        "/CN=gradus hub",
        "-keyout",
        key,
        "-out",
        certificate,
      ]);
    } catch (cause) {
      const complaint = `no certificate could be made: ${(cause as Error).message.split("\n")[0]}`;
      throw new Fault("output", certificate, complaint, "install openssl, or put server.crt and server.key there", {
        cause,
      });
    }
  }
  ownBy(key);
  ownBy(certificate);
  const access = path.join(folder, "access.conf");
  const lines = ["hostssl all all all scram-sha-256", "host all all 127.0.0.1/32 scram-sha-256"];
  writeFileSync(access, `${lines.join("\n")}\n`);
  ownBy(access);
  return [
    "ssl=on",
    `ssl_cert_file=${certificate}`,
    `ssl_key_file=${key}`,
    `hba_file=${access}`,
    "ssl_min_protocol_version=TLSv1.3",
  ];
}

/** The certificate is the server's own; its fingerprint is in the address, so that nobody else's is taken for it. */
function remoteAddress(server: { port: number; password: string }, host: string, folder: string): string {
  const { fingerprint256 } = new X509Certificate(readFileSync(path.join(folder, "server.crt")));
  const address = new URL(localAddress(server));
  address.hostname = host;
  address.searchParams.set("fingerprint", fingerprint256.replaceAll(":", "").toLowerCase());
  return address.href;
}

/** `0.0.0.0` is where to listen, and no address to be reached by: then the first of this machine. */
function reachedBy(host: string): string {
  if (host !== "0.0.0.0" && host !== "::" && host !== "*") return host;
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return all.find(({ internal, family }) => !internal && family === "IPv4")?.address ?? "127.0.0.1";
}
