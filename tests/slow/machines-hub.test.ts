import { rmSync } from "node:fs";
import { createServer } from "node:net";
import { afterAll, expect, test } from "vitest";
import { openHub, stopHub } from "../../src/cluster/hub.ts";
import { serverPid } from "../../src/cluster/private-postgres.ts";
import { openStore } from "../../src/store/open-store.node.ts";
import { noPostgres, serverFolder } from "../postgres.ts";

const folder = serverFolder();
afterAll(async () => {
  await stopHub(folder);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test.skipIf(noPostgres !== undefined)(
  "what the hub acknowledged outlives kill -9 of it, five times, and a second start finds it",
  async () => {
    const options = { folder, host: "127.0.0.1", port: await freePort() };
    let at = 0;
    for (let kill = 0; kill < 5; kill++) {
      const hub = await openHub(options);
      expect(hub.isOld).toBe(false);
      expect((await openHub(options)).isOld).toBe(true);
      await expect(openHub({ ...options, port: options.port + 1 })).rejects.toThrow(/one runs in .* already/);
      const store = await openStore(hub.address);
      expect(await store.read("r")).toEqual(Array.from({ length: at }, (_, i) => String(i)));
      for (const until = performance.now() + 1000; performance.now() < until; at++) {
        await store.append({ log: "r", kind: "run", at, entries: [String(at)] });
      }
      process.kill(serverPid(folder) ?? 0, "SIGKILL");
      await store.close();
    }
    expect(at).toBeGreaterThan(20);
    const hub = await openHub(options);
    const store = await openStore(hub.address);
    expect(await store.read("r")).toHaveLength(at);
    await store.close();
    expect(await stopHub(folder)).toBe(true);
    expect(await stopHub(folder)).toBe(false);
  },
);
