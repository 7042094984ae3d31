import { readFileSync } from "node:fs";

/** This package's version. */
export function gradusVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  return manifest.version;
}

/** What computed a run. */
export function versions(): Record<string, string> {
  return {
    gradus: gradusVersion(),
    node: process.versions.node,
    v8: process.versions.v8,
    platform: `${process.platform}-${process.arch}`,
  };
}
