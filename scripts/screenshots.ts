// Pictures of every page, light, dark and on a phone, for the documentation and for whoever changes a page and wants to see it:
//   node scripts/screenshots.ts [FOLDER] [--store STORE] [--only PAGE] [--print]
// Without a folder it makes those of the documentation, in docs/images. Where the store (a new one, when none is named) has no runs, it
// trains and searches first, in a minute or two; needs CIFAR-10 (`npx gradus data fetch`). --print adds how the pages are printed.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Browser, Page } from "playwright-core";
import { openBrowser } from "../tests/open-page.ts";
import { startServing } from "../tests/serving.ts";
import { indexedPng } from "./indexed-png.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    store: { type: "string" },
    only: { type: "string", multiple: true },
    print: { type: "boolean", default: false },
  },
});
const store = values.store ?? mkdtempSync(join(tmpdir(), "gradus-screenshots-"));
const served = await startServing(store);
const { url } = served;

interface ListedRun {
  readonly id: string;
  readonly name: string;
  readonly state: string;
}

async function ask<T>(path: string, body?: unknown): Promise<T> {
  const init =
    body === undefined
      ? {}
      : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(`${url}api/${path}`, init);
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  return (await answer.json()) as T;
}

async function listed(): Promise<readonly ListedRun[]> {
  return (await ask<{ runs: readonly ListedRun[] }>("runs")).runs;
}

async function ended(id: string): Promise<void> {
  while ((await listed()).find((run) => run.id === id)?.state === "running") await sleep(200);
}

/** What a person has after a morning: a published experiment, penalties with two seeds each, a rate that was too large, a search. */
async function trainSome(): Promise<void> {
  const base = (changes: { readonly lambda?: number; readonly rate?: number; readonly seed?: number }) => ({
    name: `lambda ${changes.lambda ?? 0}${changes.rate === undefined ? "" : `, rate ${changes.rate}`}`,
    seed: changes.seed ?? 1,
    data: { split: { kind: "hold-out", validation: 5000 } },
    training: {
      batch: 100,
      lambda: changes.lambda ?? 0,
      ...(changes.rate === undefined
        ? { schedule: { kind: "triangular", min: 1e-5, max: 0.1, halfCycle: 450 }, cycles: 2 }
        : { schedule: { kind: "constant", rate: changes.rate }, epochs: 2 }),
    },
    evaluate: { every: 90 },
  });
  const train = async (spec: object, labels: object = {}) => {
    const { run } = await ask<{ run: string }>("runs", { spec });
    await ended(run);
    await ask(`runs/${run}/labels`, labels);
  };
  for (const lambda of [0, 0.001, 0.01]) {
    for (const seed of [1, 2]) await train(base({ lambda, seed }), { add: ["penalty"] });
  }
  await train(base({ rate: 8 }), { add: ["too-large"], notes: "The rate at which it leaves the finite." });
  const { run } = await ask<{ run: string }>("experiments/004-E2/runs", {});
  await ended(run);
  const schedule = { kind: "triangular", min: 1e-5, max: 0.1, halfCycle: 225 };
  const search = {
    name: "penalty-and-dropout",
    spec: { ...base({}), training: { batch: 100, schedule, cycles: 1 }, evaluate: { every: "end", test: false } },
    vary: {
      "training.lambda": { kind: "log", low: 1e-5, high: 0.1 },
      "network.dropout": { kind: "uniform", low: 0, high: 0.6 },
    },
    stages: [
      { sampler: { kind: "sobol", trials: 16 } },
      { sampler: { kind: "random", trials: 8 }, narrow: { rule: "top" } },
    ],
  };
  const { study } = await ask<{ study: string }>("studies", { search });
  do await sleep(500);
  while (await isGoing(study));
}

async function isGoing(study: string): Promise<boolean> {
  return (await ask<{ isGoing: boolean }>(`studies/${study}`)).isGoing;
}

/** Where each page is, and what is done on it before its picture is taken. */
async function pagesOf(): Promise<
  Readonly<Record<string, readonly [hash: string, act?: (page: Page) => Promise<void>]>>
> {
  const runs = (await listed()).toReversed();
  const finished = runs.filter(({ state }) => state === "finished");
  const best = finished.find(({ name }) => /004-E2|^lambda/.test(name)) ?? finished[0];
  const compared = finished.filter(({ name }) => name.startsWith("lambda")).slice(0, 6);
  const [search] = await ask<readonly { name: string }[]>("studies");
  const ofRun = (view: string) => `#/run/${best?.id}${view === "" ? "" : `?view=${view}`}`;
  const ofSearch = (view: string) => `#/search/${search?.name}${view === "" ? "" : `?view=${view}`}`;

  return {
    runs: ["#/runs?setting=training.lambda"],
    run: [ofRun("")],
    "run-learned": [ofRun("learned"), (page) => page.getByText("Most confidently wrong").waitFor()],
    "run-results": [
      ofRun("results"),
      (page) =>
        page
          .getByText(/greatest|entries|relative/)
          .first()
          .waitFor(),
    ],
    "run-settings": [ofRun("settings")],
    "run-log": [ofRun("log")],
    compare: [`#/compare?runs=${compared.map(({ id }) => id).join(",")}`],
    searches: ["#/searches"],
    search: [ofSearch("")],
    "search-trials": [ofSearch("trials")],
    "search-settings": [ofSearch("settings")],
    "new-search": ["#/new-search"],
    experiments: ["#/experiments"],
    experiment: ["#/experiment/004-E2"],
    new: ["#/new"],
    try: ["try/#/train?data=spirals", trainInPage],
    "try-shapes": ["try/#/train?data=shapes", trainInPage],
    "try-step": ["try/#/step?step=1", (page) => page.getByRole("button", { name: /^dW1\[1,1\]/ }).focus()],
    "try-check": ["try/#/check?break=factor-2", (page) => page.locator(".headline").waitFor({ timeout: 60_000 })],
  };
}

const [wide, light, dark] = [{ width: 1280, height: 800 }, "light", "dark"] as const;
/** How a page looks: in a window, dark, on a phone, on a sheet of A4 with margins of 10 mm. */
const looks = {
  "": { viewport: wide, colorScheme: light },
  "-dark": { viewport: wide, colorScheme: dark },
  "-phone": { viewport: { width: 360, height: 740 }, colorScheme: light },
  "-print": { viewport: { width: 718, height: 1047 }, colorScheme: dark },
} as const;
type Look = keyof typeof looks;

/** The pictures of the documentation: which page, how it looks, and how many pixels from its top. */
const documented: Readonly<Record<string, readonly [page: string, look: Look, height: number]>> = {
  "serve-runs": ["runs", "", 760],
  "serve-run": ["run", "", 860],
  "serve-compare-dark": ["compare", "-dark", 960],
  try: ["try", "", 960],
  "try-step-dark": ["try-step", "-dark", 1210],
};

async function trainInPage(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Train", exact: true }).click();
  await page.getByRole("heading", { name: "Probability of the right class" }).waitFor({ timeout: 120_000 });
}

async function takePictures(browser: Browser, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const look of Object.keys(looks) as Look[]) {
    if (look === "-print" && !values.print) continue;
    const page = await openPage(browser, look);
    for (const name of Object.keys(await pagesOf())) {
      if (values.only?.includes(name) === false) continue;
      writeFileSync(join(folder, `${name}${look}.png`), await pictureOf(page, name, look));
    }
    await page.close();
  }
}

/** Makes the pictures of the documentation anew. */
async function illustrate(browser: Browser): Promise<void> {
  for (const [file, [name, look, height]] of Object.entries(documented)) {
    const page = await openPage(browser, look);
    const path = fileURLToPath(new URL(`../docs/images/${file}.png`, import.meta.url));
    writeFileSync(path, await pictureOf(page, name, look, height));
    await page.close();
  }
}

async function openPage(browser: Browser, look: Look): Promise<Page> {
  const page = await browser.newPage({ ...looks[look], reducedMotion: "reduce" });
  page.on("console", (message) => message.type() === "error" && console.error(message.text()));
  return page;
}

/** The whole page, or its first pixels. */
async function pictureOf(page: Page, name: string, look: Look, height?: number): Promise<Uint8Array> {
  const [hash, act] = (await pagesOf())[name];
  const { viewport } = looks[look];
  await page.goto("about:blank");
  await page.setViewportSize(viewport);
  await page.goto(`${url}${hash}`);
  await page.locator("h1").waitFor();
  await act?.(page).catch((error: Error) => console.error(`${name}${look}: ${error.message}`));
  await page.waitForLoadState("networkidle", { timeout: 1500 }).catch(() => {}); // its stream never ends
  await sleep(300);
  // Where the store of the pictures lies is nobody's business.
  await page.evaluate(`for (const place of document.querySelectorAll(".place")) place.textContent = ".gradus"`);
  await page.emulateMedia({ media: look === "-print" ? "print" : "screen" });
  // As tall as the page: what sticks to an end of the window does not lie over it.
  const whole = await page.evaluate<number>("document.documentElement.scrollHeight");
  await page.setViewportSize({ ...viewport, height: height ?? Math.max(viewport.height, whole) });
  await page.evaluate("scrollTo(0, 0)");
  await sleep(100);
  const picture = await page.screenshot();
  await page.emulateMedia({ media: "screen" });
  return indexedPng(picture);
}

const browser = await openBrowser();
try {
  if ((await listed()).length === 0) await trainSome();
  const [folder] = positionals;
  await (folder === undefined ? illustrate(browser) : takePictures(browser, folder));
} finally {
  await browser.close();
  await served.end();
  if (values.store === undefined) rmSync(store, { recursive: true, force: true });
}
