import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** What the surroundings say about colours, which a test says for itself, as it says that a terminal is dumb. Node reads `CI` too. */
const aboutColours = ["CI", "NO_COLOR", "FORCE_COLOR", "NODE_DISABLE_COLORS"];

/** Runs that the tests train are kept in a store of their own, for as long as the tests run. */
export function setup(): () => Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "gradus-test-store-"));
  process.env.GRADUS_STORE = folder;
  for (const name of aboutColours) delete process.env[name];
  process.env.TERM = "xterm";
  // Two trainings at once, of two threads each, wait for each other. What tests threads asks for them.
  process.env.GRADUS_THREADS ??= "1";
  // As the launcher does: programs and threads start from the sources in half the time.
  process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL("../build/compile-cache", import.meta.url));
  // For a PostgreSQL that the first test starts which asks for one (`postgres.ts`).
  const server = mkdtempSync(join(tmpdir(), "gradus-postgres-"));
  process.env.GRADUS_TEST_POSTGRES = server;
  return async () => {
    if (existsSync(join(server, "starting"))) await (await import("./postgres.ts")).endServer();
    for (const made of [folder, server]) rmSync(made, { recursive: true, force: true, maxRetries: 5 });
  };
}
