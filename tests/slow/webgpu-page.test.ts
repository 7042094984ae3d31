import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowser, withWebgpu } from "../open-page.ts";
import { temporaryFolder } from "../run-gradus.ts";
import { type Serving, startServing } from "../serving.ts";

// The page that trains with a GPU chosen on it, which is SwiftShader: the same shaders, computed by the processor.

const { folder, remove } = temporaryFolder();
let lab: Serving;
let browser: Browser;
beforeAll(async () => {
  [lab, browser] = await Promise.all([startServing(join(folder, "store")), openBrowser(withWebgpu)]);
});
afterAll(async () => {
  await browser?.close();
  await lab?.end();
  remove();
});

test("webgpu, chosen on the page, trains to where wasm does; auto does not take a GPU in software", async () => {
  const page = await browser.newPage();
  page.setDefaultTimeout(60_000);
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));
  await page.goto(`${lab.url}try/#/train?data=moons&set.training.epochs=20`);
  await page.getByText("Split, preprocessing").click();
  const trained = async (device: string) => {
    await page.getByRole("combobox", { name: /^device/ }).selectOption(device);
    await page.getByRole("button", { name: /^Train/ }).click();
    await page.getByText(/finished, update 300 of 300/).waitFor();
    const said = await page.getByText(/^Computed on /).textContent();
    const [right] = (await page.getByText(/ of the test images are right/).textContent())?.match(/[\d.]+/) ?? [];
    await page.getByRole("button", { name: "Train anew" }).waitFor();
    return { said, right: Number(right), hash: await page.locator(".hash").textContent() };
  };
  const [onWasm, onGpu, onAuto] = [await trained("wasm"), await trained("webgpu"), await trained("auto")];
  expect(onGpu.said).toMatch(/^Computed on webgpu in f32: .*swiftshader/i);
  expect(onGpu.hash).not.toBe(onWasm.hash);
  expect(onWasm.right).toBeGreaterThan(80);
  // Of 200 test images, those on the border between the classes.
  expect(Math.abs(onGpu.right - onWasm.right)).toBeLessThanOrEqual(1.5);
  expect(onAuto).toEqual(onWasm);
  expect(problems).toEqual([]);
  await page.close();
});
