import { readFileSync } from "node:fs";

/** This package's version. */
export function gradusVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  return manifest.version;
}

/** Changes when the same spec would give other numbers than before, in whatever digit: what began under another is not resumed. */
export const numbersVersion = "1";

/** What computed a run. */
export function versions(): Record<string, string> {
  return {
    gradus: gradusVersion(),
    numbers: numbersVersion,
    node: process.versions.node,
    v8: process.versions.v8,
    platform: `${process.platform}-${process.arch}`,
  };
}
