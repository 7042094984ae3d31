import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, defaultClientConditions } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { resultOfPage, withWebgpu } from "../open-page.ts";
import { temporaryFolder } from "../run-gradus.ts";

// The device webgpu in a browser, whose GPU is SwiftShader: the same shaders, computed by the processor.

const { folder, remove } = temporaryFolder();
const site = join(folder, "site");
/** A processor that computes a GPU takes its time, with others at work more of it. */
const timeout = 500_000;

interface Trained {
  readonly final: { readonly train: { readonly loss: number; readonly accuracy: number } };
  readonly W1: readonly number[];
}

interface PageResult {
  readonly error?: string;
  readonly device: Record<string, string>;
  readonly auto: string;
  readonly kernels: Readonly<Record<string, number>>;
  readonly together: readonly Trained[];
  readonly alone: readonly Trained[];
  readonly onWasm: readonly Trained[];
  readonly diverged: readonly unknown[];
  readonly refusals: readonly string[];
}

let said: PageResult;

beforeAll(async () => {
  await build({
    root: fileURLToPath(new URL("../fixtures/gpu-page", import.meta.url)),
    configFile: false,
    logLevel: "error",
    resolve: { conditions: ["gradus-source", ...defaultClientConditions] },
    worker: { format: "es" },
    build: { outDir: site, target: "es2023", minify: false },
  });
  said = (await resultOfPage(site, "localhost", { flags: withWebgpu, timeout })) as PageResult;
  expect(said.error).toBeUndefined();
});

afterAll(remove);

test("every kernel agrees with the reference, over members and sizes that are no multiple of a tile", () => {
  // f32 sums of up to 300 terms of size 4, and exponentials of a GPU: a few units in the last place each.
  const apart = Object.entries(said.kernels).filter(([, distance]) => !(distance < 2e-5));
  expect(apart).toEqual([]);
  expect(Object.keys(said.kernels).length).toBeGreaterThan(70);
});

test("it says what it is, and auto does not take a GPU in software", () => {
  expect(said.device).toMatchObject({ name: "webgpu", dtype: "f32", arithmetic: "unspecified" });
  expect(said.device.details).toMatch(/swiftshader.*, in software on the processor/i);
  expect(said.auto).toBe("wasm");
});

test("a whole training ends where wasm's does, within a tolerance", () => {
  for (const [member, { final }] of said.onWasm.entries()) {
    expect(said.together[member].final.train.loss).toBeCloseTo(final.train.loss, 3);
    expect(Math.abs(said.together[member].final.train.accuracy - final.train.accuracy)).toBeLessThan(0.02);
  }
  expect(said.onWasm[1].final.train.loss).not.toBeCloseTo(said.onWasm[0].final.train.loss, 4);
});

test("members that are trained side by side end where each ends alone", () => {
  for (const [member, { final, W1 }] of said.alone.entries()) {
    const together = said.together[member];
    expect(together.final.train.loss).toBeCloseTo(final.train.loss, 4);
    const apart = W1.map((value, at) => Math.abs(value - together.W1[at]));
    expect(Math.max(...apart)).toBeLessThan(1e-3);
  }
});

test("a training that diverges ends at the step, and in the layer, where it does on wasm", () => {
  expect(said.diverged[0]).toBeDefined();
  expect(said.diverged[0]).toEqual(said.diverged[1]);
});

test("what it cannot do is refused, with a remedy", () => {
  const [tooLarge, precision] = said.refusals;
  expect(tooLarge).toMatch(/webgpu: .* MB in one piece, and .* takes .* MB at most/);
  expect(precision).toMatch(/f64 is not a precision of the device webgpu, which computes in f32/);
});

test("over HTTP from another machine there is no WebGPU, and it says so", async () => {
  const { error } = (await resultOfPage(site, "gradus.test", { flags: withWebgpu, timeout })) as PageResult;
  expect(error).toMatch(/webgpu: there is no WebGPU here/);
});
