import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { aThread, deviceShare, roomLeft, usualThreads } from "./process-limits.node.ts";

test("a device's threads and memory are what half of the room each has place for", () => {
  const unlimited = { addresses: Number.POSITIVE_INFINITY, files: Number.POSITIVE_INFINITY };
  expect(deviceShare(unlimited)).toEqual({ helpers: Number.POSITIVE_INFINITY, memoryBytes: Number.POSITIVE_INFINITY });
  expect(deviceShare({ addresses: 4.5 * aThread.addresses, files: 1000 }).helpers).toBe(2);
  expect(deviceShare({ addresses: 1e12, files: 2 * aThread.files }).helpers).toBe(1);
  expect(deviceShare({ addresses: 1e9, files: 3 })).toEqual({ helpers: 0, memoryBytes: 5e8 });
  expect(deviceShare({ addresses: -1, files: -1 }).helpers).toBe(0);
});

test.runIf(process.platform === "linux")("limits of the shell are seen, less what is taken", () => {
  const file = new URL("./process-limits.node.ts", import.meta.url).href;
  const program = `import { roomLeft } from ${JSON.stringify(file)}; console.log(JSON.stringify(roomLeft()))`;
  const command = 'ulimit -v 12000000; ulimit -n 64; exec "$0" --input-type=module --eval "$1"';
  const room = JSON.parse(execFileSync("sh", ["-c", command, process.execPath, program]).toString());
  expect(room.addresses).toBeGreaterThan(5e9);
  expect(room.addresses).toBeLessThan(12e9);
  expect(room.files).toBeGreaterThan(10);
  expect(room.files).toBeLessThan(64);
  expect(roomLeft().files).toBeGreaterThan(0);
});

test("GRADUS_THREADS says how many threads compute, and what is no number is refused", () => {
  expect(usualThreads({})).toBe(navigator.hardwareConcurrency);
  expect(usualThreads({ GRADUS_THREADS: "" })).toBe(navigator.hardwareConcurrency);
  expect(usualThreads({ GRADUS_THREADS: "3" })).toBe(3);
  for (const value of ["0", "-1", "1.5", "two", "99999"])
    expect(() => usualThreads({ GRADUS_THREADS: value })).toThrow(
      expect.objectContaining({
        code: "device",
        place: "GRADUS_THREADS",
        remedy: expect.stringContaining("1 or more"),
      }),
    );
});
