import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { type PostgresPrograms, postgresPrograms } from "../src/cluster/postgres-programs.ts";
import { initialise, localAddress, startServer, stopServer } from "../src/cluster/private-postgres.ts";

// One PostgreSQL for all tests of a run, started by the first that asks; `global-setup.ts` stops it.

/** Why there is none; undefined where there is. */
export const noPostgres: string | undefined = reason();

function reason(): string | undefined {
  try {
    postgresPrograms();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** A folder that the server's user may reach, whoever runs the tests. */
export function serverFolder(): string {
  return mkdtempSync(path.join(tmpdir(), "gradus-postgres-"));
}

/** An address of an empty database of its own. */
export async function newDatabase(): Promise<string> {
  const server = await sharedServer();
  const name = `test_${randomBytes(6).toString("hex")}`;
  await ask(localAddress(server), `CREATE DATABASE ${name}`);
  return localAddress(server, name);
}

/** One statement. */
export async function ask(address: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: address });
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function sharedServer(): Promise<{ port: number; password: string }> {
  const folder = process.env.GRADUS_TEST_POSTGRES ?? "";
  const file = path.join(folder, "server.json");
  try {
    mkdirSync(path.join(folder, "starting"));
  } catch {
    while (!existsSync(file)) await pause(50);
    return JSON.parse(readFileSync(file, "utf8"));
  }
  const programs: PostgresPrograms = postgresPrograms();
  await initialise({ programs, folder });
  // Nothing of it is to outlive the machine.
  const settings = ["fsync=off", "full_page_writes=off", "synchronous_commit=off"];
  const server = await startServer({ programs, folder, host: "127.0.0.1", settings });
  writeFileSync(`${file}.new`, JSON.stringify(server));
  renameSync(`${file}.new`, file);
  return server;
}

/** Before a program: gives it one core, so that many of them do not wait for each other's threads. */
export function oneCore(place: number): readonly string[] {
  return existsSync("/usr/bin/taskset") ? ["/usr/bin/taskset", "-c", String(place % availableParallelism())] : [];
}

/** Ends the server that the tests of a run share. */
export async function endServer(): Promise<void> {
  await stopServer(process.env.GRADUS_TEST_POSTGRES ?? "", "immediate");
}
