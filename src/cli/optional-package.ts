import { createRequire } from "node:module";
import path from "node:path";
import { Fault } from "../fault/fault.ts";

/** Packages that only some outputs need, too large to bring along: the versions that Gradus is tested with. */
const versions = {
  "@myriaddreamin/typst-ts-node-compiler": "0.7.0",
  "@resvg/resvg-js": "2.6.2",
  "@expo-google-fonts/arimo": "0.4.3",
} as const;

type PackageName = keyof typeof versions;

/** What an output needs packages for. */
interface Need {
  readonly flag: string;
  /** `a PDF is set by the Typst compiler (51 MB)` */
  readonly complaint: string;
  /** What does without: `--format tex`. */
  readonly otherwise: string;
  /** All that have to be installed for it. */
  readonly packages: readonly PackageName[];
}

/** Where a file of a package lies: beside Gradus, or where the working directory has it. */
export function findPackage(file: string): string | undefined {
  for (const place of [import.meta.url, path.resolve("package.json")]) {
    try {
      return createRequire(place).resolve(file);
    } catch {
      // looked for in the next place
    }
  }
  return undefined;
}

/** A package that may be installed or not. @throws Fault `usage` with the command that installs it */
export function requirePackage(name: PackageName, need: Need): unknown {
  const file = findPackage(name);
  if (file === undefined) throw missingPackage(need);
  try {
    return createRequire(import.meta.url)(file);
  } catch (cause) {
    throw missingPackage(need, cause);
  }
}

/** The refusal of an output whose packages are not there. */
export function missingPackage({ flag, complaint, packages, otherwise }: Need, cause?: unknown): Fault {
  const state = cause === undefined ? "is not installed" : "does not work here";
  // The remedy is a command, and nothing else, so that it can be pasted.
  const command = `npm install ${packages.map((name) => `${name}@${versions[name]}`).join(" ")}`;
  return new Fault("usage", flag, `${complaint}, which ${state}; ${otherwise} needs none`, command, { cause });
}
