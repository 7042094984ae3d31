import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Runs that the tests train are kept in a store of their own, for as long as the tests run. */
export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), "gradus-test-store-"));
  process.env.GRADUS_STORE = folder;
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
