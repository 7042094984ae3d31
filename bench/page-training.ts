import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { cifar10File } from "../src/data/cifar10.node.ts";
import { dataFolder } from "../src/data/data-folder.node.ts";
import { serveFolder } from "../tests/open-page.ts";
import { enter } from "./contestant.ts";
import { median } from "./median.ts";
import { batch, lambda, rate } from "./work.ts";

/** Microseconds of a step of the network 3072-50-10, batches of 100. */
export interface StepTimes {
  /** `wasm` in Node, as the command line has it, with one thread. */
  readonly commandLine: number;
  readonly page: number;
  /** In a page that is isolated from other sites, with all threads. */
  readonly threads: number;
}

/** Trains in pages and beside them, in turns. @param site `gradus serve`, whose pages may have threads */
export async function stepTimes(browser: Browser, site: string, steps: number, rounds: number): Promise<StepTimes> {
  const alone = await serveFolder(fileURLToPath(new URL("../build/web/try", import.meta.url)));
  const node = fileURLToPath(new URL("contestants/gradus.ts", import.meta.url));
  const contestant = await enter(process.execPath, [...process.execArgv, node, "wasm", "1"]);
  const [page, threads] = await Promise.all([browser.newPage(), browser.newPage()]);
  const choices = new URLSearchParams({
    data: "cifar-10",
    "set.training": JSON.stringify({ batch, lambda, steps, schedule: { kind: "constant", rate } }),
    "set.evaluate": JSON.stringify({ every: "end", test: false }),
    "set.data.limit": JSON.stringify({ validation: 100 }),
  });
  // Another name than localhost: a page that is not isolated, and has one thread.
  await page.goto(`http://gradus.test:${alone.port}/#/train?${choices}`);
  await page
    .getByLabel("Files", { exact: true })
    .setInputFiles(
      (["data_batch_1", "data_batch_2", "test_batch"] as const).map((name) => cifar10File(dataFolder(), name)),
    );
  await page.getByText("one thread: it is not").waitFor();
  await threads.goto(`${site}try/#/train?${choices}`);
  const times: Record<keyof StepTimes, number[]> = { commandLine: [], page: [], threads: [] };
  try {
    await contestant.ask("step-1", Math.ceil(steps / 10));
    for (const each of [page, threads]) await trained(each, steps);
    for (let round = 0; round < rounds; round++) {
      times.commandLine.push((await contestant.ask("step-1", steps)).microseconds / steps);
      times.page.push(await trained(page, steps));
      times.threads.push(await trained(threads, steps));
    }
  } finally {
    contestant.leave();
    alone.close();
    await page.close();
    await threads.close();
  }
  return {
    commandLine: median(times.commandLine),
    page: median(times.page),
    threads: median(times.threads),
  };
}

/** Trains once more, and reads from the page how long a step took between its first tenth and its end. */
async function trained(page: Page, steps: number): Promise<number> {
  await page
    .getByRole("button", { name: /^Train/ })
    .and(page.locator(":enabled"))
    .waitFor();
  return await page.evaluate<number>(`new Promise((resolve, reject) => {
    const seen = [];
    const look = () => {
      const text = document.querySelector(".shown .running")?.textContent ?? "";
      const step = Number((/update ([\\d,]+) of/.exec(text)?.[1] ?? "0").replaceAll(",", ""));
      const alert = document.querySelector("[role=alert]")?.textContent;
      if (alert) return reject(new Error(alert));
      if (/running/.test(text) && step >= ${steps} / 10 && step !== seen.at(-1)?.step) seen.push({ step, at: performance.now() });
      if (/finished/.test(text) && seen.length > 1) {
        observer.disconnect();
        const [first, last] = [seen[0], seen.at(-1)];
        resolve(1000 * (last.at - first.at) / (last.step - first.step));
      }
    };
    // Told of what changes: to look again and again would take a processor's time from what is measured.
    const observer = new MutationObserver(look);
    observer.observe(document.querySelector(".shown"), { childList: true, characterData: true, subtree: true });
    [...document.querySelectorAll("button")].find((button) => /^Train/.test(button.textContent)).click();
  })`);
}
