import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseSpec } from "../src/record/parse-spec.ts";
import { encodeRunEvent } from "../src/record/run-event.ts";
import { openStore } from "../src/store/open-store.node.ts";
import { openBrowser } from "./open-page.ts";
import { expectRefusal, gradusJson, temporaryFolder } from "./run-gradus.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const axe = readFileSync(`${root}node_modules/axe-core/axe.min.js`, "utf8");
const { folder, remove } = temporaryFolder();
const store = join(folder, "store");

interface Serving {
  readonly url: string;
  readonly port: number;
  end(): Promise<number | null>;
}

const serving: Serving[] = [];
let browser: Browser;
let lab: Serving;

beforeAll(async () => {
  [lab, browser] = await Promise.all([serve("--port", "0"), openBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  for (const each of serving) await each.end();
  remove();
});

/** `gradus serve` as a person begins it; what it prints is where it is. */
async function serve(...commandLine: readonly string[]): Promise<Serving> {
  const env = { ...process.env, GRADUS_STORE: store };
  const child = spawn(process.execPath, [`${root}src/cli/main.ts`, "serve", ...commandLine, "--json"], { env });
  const [line] = await Promise.race([
    once(createInterface(child.stdout), "line"),
    once(child, "exit").then(() => Promise.reject(new Error("gradus serve has ended"))),
  ]);
  const { url } = JSON.parse(line);
  const served = {
    url,
    port: Number(new URL(url).port),
    async end() {
      if (child.exitCode === null) {
        child.kill("SIGTERM");
        await once(child, "exit");
      }
      return child.exitCode;
    },
  };
  serving.push(served);
  return served;
}

/** A page that fails the test where it breaks its own policy, throws, or runs a script that is not its own. */
async function openPage(hash: string, options: Parameters<Browser["newPage"]>[0] = {}): Promise<Page> {
  const page = await browser.newPage(options);
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("dialog", (dialog) => {
    problems.push(`a script ran: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("console", (message) => {
    if (/Content Security Policy/.test(message.text())) problems.push(message.text());
  });
  await page.goto(`${lab.url}${hash}`);
  await page.locator("h1").waitFor();
  return page;
}

const problems: string[] = [];

async function violations(page: Page): Promise<string[]> {
  const answer = await page.evaluate(`${axe}; axe.run(document, { resultTypes: ["violations"] })`);
  const { violations: all } = answer as { violations: { id: string; nodes: { html: string }[] }[] };
  return all.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

/** Whether all of a page is as wide as its window. */
const fits = (page: Page) => page.evaluate("document.documentElement.scrollWidth <= innerWidth");

test("a run that is begun from the form moves on screen to its end, and every page of it is without a fault", async () => {
  const rows = (count: number) =>
    ["label,a,b,c", ...Array.from({ length: count }, (_, i) => `${i % 2},${(i % 2) * 200 + (i % 9)},${i % 50},7`)].join(
      "\n",
    );
  const [train, testFile] = ["train.csv", "test.csv"].map((name) => join(folder, name));
  writeFileSync(train, rows(60));
  writeFileSync(testFile, rows(20));

  const page = await openPage("#/new");
  expect(await violations(page)).toEqual([]);
  await page.getByLabel("name", { exact: true }).fill("from the form");
  await page.getByLabel("dataset").fill(JSON.stringify({ train: [train], test: testFile }));
  const split = page.getByRole("group", { name: "data.split" });
  await split.getByLabel("kind").selectOption("hold-out");
  await split.getByLabel("validation").fill("20");
  await page.getByLabel("epochs").fill("2000");
  await page.getByLabel("batch", { exact: true }).fill("70");
  await page.getByLabel("device").fill("wasm");
  await page.getByRole("button", { name: "Start training" }).click();
  // More than there are images: the refusal says so, and what to do.
  expect(await page.getByRole("alert").textContent()).toContain("training.batch");
  await page.getByLabel("batch", { exact: true }).fill("20");
  await page.getByLabel("batch", { exact: true }).blur();
  await page.reload(); // nothing that was filled in is lost
  await page.getByRole("button", { name: "Start training" }).click();
  await page.getByRole("heading", { name: "from the form" }).waitFor();
  await page.locator(".state", { hasText: "finished" }).waitFor();
  await page.locator(".headline").waitFor();
  expect(await page.locator("figure svg desc").textContent()).toContain("4,000");
  expect(await violations(page)).toEqual([]);

  // By keyboard: the last measurement, a stretch of the updates, and a reload that shows the same stretch.
  const figure = page.getByRole("slider", { name: /Numbers of the figure/ });
  await figure.press("End");
  expect(await page.locator(".reading").textContent()).toContain("4,000");
  await figure.press("+");
  const shown = () => page.locator("figure svg").innerHTML();
  await expect.poll(() => page.url()).toContain("updates=");
  const stretch = await shown();
  await page.reload();
  await expect.poll(shown).toBe(stretch);

  for (const view of ["What it learned", "Results", "Settings", "Log"]) {
    await page.getByRole("button", { name: view, exact: true }).click();
    await page.locator("main table").first().waitFor();
    expect(await violations(page), view).toEqual([]);
  }
  await page.close();
  expect(problems).toEqual([]);
});

/** Texts that run a script where a page takes them for markup; the browser of the tests has letters for ASCII only. */
const hostile = [
  "<img src=x onerror=alert(1)>",
  "<svg onload=alert(1)>",
  '"><script>alert(1)</script>',
  "'-alert(1)-'",
  "javascript:alert(1)",
  "</title><script>alert(1)</script>",
  "]]><script>alert(1)</script>",
  "{{alert(1)}}",
  "<a href=javascript:alert(1) autofocus onfocus=alert(1)>x</a>",
  "<style>@import 'javascript:alert(1)'</style>",
];

test("a thousand runs with hostile names are listed, looked at and compared, and no script of theirs runs", async () => {
  const opened = await openStore(store);
  const metrics = (accuracy: number) => ({ loss: 1, cost: 1, accuracy });
  const appends = Array.from({ length: 1000 }, (_, index) => {
    const name = index < hostile.length ? hostile[index] : `run ${index}`;
    const spec = parseSpec({
      name,
      seed: index,
      training: { steps: 10, lambda: index % 7, schedule: { kind: "constant", rate: 0.1 } },
    });
    const training = (event: object) => ({ kind: "trained", seconds: 1, event }) as never;
    return {
      log: `20261121T100000Z-many-${String(index).padStart(6, "0")}`,
      kind: "run",
      at: 0,
      entries: [
        { kind: "created" as const, spec, data: [{ file: name, sha256: name }] },
        { kind: "opened" as const, at: "2026-11-21T10:00:00.000Z", host: name, versions: { [name]: name } },
        training({
          kind: "started",
          members: [spec],
          device: { name: "wasm", dtype: "f32", details: name },
          steps: 10,
          stepsPerEpoch: 5,
          parameters: 3,
          examples: { train: 10, validation: 10, test: 0 },
        }),
        ...[0, 5, 10].map((step) =>
          training({
            kind: "measured",
            member: 0,
            measurement: { step, learningRate: 0.1, train: metrics(0.5), validation: metrics(step / 10 - index / 1e5) },
          }),
        ),
        { kind: "labelled" as const, tags: [name], notes: name },
        { kind: "closed" as const, why: "interrupted" as const, seconds: 2 },
      ].map(encodeRunEvent),
    };
  });
  await opened.append(...appends);
  await opened.close();

  const page = await openPage("#/runs?find=many", { viewport: { width: 360, height: 740 } });
  await page.getByText("1000 of 1001 runs").waitFor();
  expect(await fits(page)).toBe(true);
  await page.getByRole("button", { name: "best validation (%)" }).click();
  await expect.poll(() => page.locator("tbody tr").first().textContent()).toContain("100.00");
  expect(await violations(page)).toEqual([]);
  await page.locator("summary").click();
  await page.getByLabel("training.lambda").check();
  const ids = appends.slice(0, hostile.length).map(({ log }) => log);
  for (const hash of [
    ...ids.slice(0, 3).map((id) => `#/run/${id}?view=settings`),
    `#/run/${ids[1]}`,
    `#/run/${ids[2]}?view=log`,
  ]) {
    await page.goto(`${lab.url}${hash}`);
    await page.locator("main :is(table, svg desc)").first().waitFor({ state: "attached" });
  }
  await page.goto(`${lab.url}#/compare?runs=${ids.join(",")}`);
  await page.getByText("Settings that differ").waitFor();
  await page.locator("figure svg desc").waitFor({ state: "attached" });
  expect(await violations(page)).toEqual([]);
  expect(await page.evaluate("document.scripts.length")).toBe(1);
  await page.goto(`${lab.url}#/experiments`);
  await page.getByText("37 experiments").waitFor();
  expect(await fits(page)).toBe(true);
  expect(await violations(page)).toEqual([]);
  await page.close();
  expect(problems).toEqual([]);
});

test("a page whose server went away says so, and goes on with what has changed when it is back", async () => {
  const page = await openPage("#/runs?find=form", { colorScheme: "dark" });
  await page.getByText("1 of 1001 runs").waitFor();
  expect(await violations(page)).toEqual([]);
  expect(await lab.end()).toBe(0);
  await page.getByText("connection lost").waitFor();
  const opened = await openStore(store);
  const [{ log, entries }] = (await opened.logs({ kind: "run" })).slice(0, 1);
  const label = { kind: "labelled" as const, tags: ["meanwhile"] };
  await opened.append({ log, kind: "run", at: entries, entries: [encodeRunEvent(label)] });
  await opened.close();
  await serve("--port", String(lab.port));
  await page.getByRole("button", { name: "meanwhile" }).waitFor();
  await page.close();
  expect(problems).toEqual([]);
});

test("a run's file, a store's folder and its file are looked at only, and stay as they are", async () => {
  const options = { env: { GRADUS_STORE: store } };
  const file = join(folder, "run.gradus");
  const database = join(store, "runs.sqlite");
  await gradusJson(["export", "latest", "--out", file], options);
  for (const [place, count] of [
    [file, 1],
    [store, 1001],
    [database, 1001],
  ] as const) {
    const before = readFileSync(place === store ? database : place);
    const { url, end } = await serve(place, "--port", "0");
    const { runs } = (await (await fetch(`${url}api/runs`)).json()) as { runs: { id: string }[] };
    expect(runs).toHaveLength(count);
    const labels = { method: "POST", headers: { "content-type": "application/json" }, body: '{"add":["good"]}' };
    expect((await fetch(`${url}api/runs/${runs[0].id}/labels`, labels)).ok).toBe(false);
    expect(await end()).toBe(0);
    expect(readFileSync(place === store ? database : place).equals(before)).toBe(true);
  }
});

test("what cannot be served is refused before anything is", async () => {
  const options = { env: { GRADUS_STORE: store } };
  const open = { code: "usage", place: "--host", complaint: "other machines reach", remedy: "--token" } as const;
  await expectRefusal(["serve", "--host", "0.0.0.0"], open, options);
  const missing = {
    code: "usage",
    place: "nothing.gradus",
    complaint: "no such file",
    remedy: "gradus export",
  } as const;
  await expectRefusal(["serve", "nothing.gradus"], missing, options);
});
