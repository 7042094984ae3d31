import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { encode } from "fast-png";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseSpec } from "../src/record/parse-spec.ts";
import { decodeRunEvent, encodeRunEvent, type RunEvent } from "../src/record/run-event.ts";
import { openStore } from "../src/store/open-store.node.ts";
import { openBrowser, serveFolder } from "./open-page.ts";
import { expectRefusal, gradus, gradusJson, temporaryFolder } from "./run-gradus.ts";
import { type Serving, startServing } from "./serving.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const axe = readFileSync(`${root}node_modules/axe-core/axe.min.js`, "utf8");
const { folder, remove } = temporaryFolder();

const serving: Serving[] = [];
let browser: Browser;
let lab: Serving;

beforeAll(async () => {
  [lab, browser] = await Promise.all([serve("lab"), openBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  for (const each of serving) await each.end();
  remove();
});

/** Serves the store in the folder of this name, until the tests are over. */
async function serve(store: string, options?: Parameters<typeof startServing>[1]): Promise<Serving> {
  const served = await startServing(join(folder, store), options);
  serving.push(served);
  return served;
}

/** A page that fails the test where it breaks its own policy, throws, or runs a script that is not its own. */
async function openPage(
  hash: string,
  options: Parameters<Browser["newPage"]>[0] = {},
  { url }: Serving = lab,
): Promise<Page> {
  const page = await browser.newPage(options);
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("dialog", (dialog) => {
    problems.push(`a script ran: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("console", (message) => {
    if (/Content Security Policy/.test(message.text())) problems.push(message.text());
  });
  await page.goto(`${url}${hash}`);
  await page.locator("h1").waitFor();
  return page;
}

const problems: string[] = [];

async function violations(page: Page): Promise<string[]> {
  const answer = await page.evaluate(`${axe}; axe.run(document, { resultTypes: ["violations"] })`);
  const { violations: all } = answer as { violations: { id: string; nodes: { html: string }[] }[] };
  return all.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

/** A dataset of 60 and 20 rows with two classes, as a spec names it. */
function smallDataset() {
  const rows = (count: number) =>
    ["label,a,b,c", ...Array.from({ length: count }, (_, i) => `${i % 2},${(i % 2) * 200 + (i % 9)},${i % 50},7`)].join(
      "\n",
    );
  const [train, testFile] = ["train.csv", "test.csv"].map((name) => join(folder, name));
  writeFileSync(train, rows(60));
  writeFileSync(testFile, rows(20));
  return { train: [train], test: testFile };
}

async function post<T>({ url }: Serving, path: string, body: object): Promise<T> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${url}api/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  expect(answer.ok, path).toBe(true);
  return (await answer.json()) as T;
}

/** Has a server train a small run, and waits until it has. */
async function trainedRun(server: Serving, name: string): Promise<string> {
  const { run } = await post<{ run: string }>(server, "runs", {
    spec: {
      name,
      data: { dataset: smallDataset(), split: { kind: "hold-out", validation: 20 } },
      training: { batch: 20, epochs: 20, schedule: { kind: "constant", rate: 0.01 } },
      device: "wasm",
    },
  });
  const isThere = async () => {
    const { runs } = (await (await fetch(`${server.url}api/runs`)).json()) as { runs: { id: string; state: string }[] };
    return runs.find(({ id }) => id === run)?.state;
  };
  await expect.poll(isThere, { timeout: 30_000 }).toBe("finished");
  return run;
}

/** Whether all of a page is as wide as its window. */
const fits = (page: Page) => page.evaluate("document.documentElement.scrollWidth <= innerWidth");

test("a run that is begun from the form moves on screen to its end, and every page of it is without a fault", async () => {
  const page = await openPage("#/new");
  expect(await violations(page)).toEqual([]);
  await page.getByLabel("name", { exact: true }).fill("from the form");
  await page.getByLabel("dataset").fill(JSON.stringify(smallDataset()));
  const split = page.getByRole("group", { name: "data.split" });
  await split.getByLabel("kind").selectOption("hold-out");
  await split.getByLabel("validation").fill("20");
  await page.getByLabel("epochs").fill("200");
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
  expect(await page.locator("figure svg desc").textContent()).toContain("400");
  expect(await violations(page)).toEqual([]);

  // By keyboard: the last measurement, a stretch of the updates, and a reload that shows the same stretch.
  const figure = page.getByRole("slider", { name: /Numbers of the figure/ });
  await figure.press("End");
  expect(await page.locator(".reading").textContent()).toContain("400");
  await figure.press("+");
  const shown = () => page.locator("figure svg").innerHTML();
  const updates = () => /updates=(\d+)-(\d+)/.exec(page.url())?.slice(1).map(Number) ?? [];
  await expect.poll(updates).toHaveLength(2);
  // The stretch is moved: by keyboard, by a button, by dragging with the Shift key.
  const [from, to] = updates();
  await figure.press("Shift+ArrowLeft");
  await expect.poll(updates).toEqual([from - Math.round((to - from) / 4), to - Math.round((to - from) / 4)]);
  await page.getByRole("button", { name: "Later" }).click();
  await expect.poll(() => updates()[0]).toBeGreaterThan(from - Math.round((to - from) / 4));
  const [held, width] = [updates()[0], to - from];
  await figure.hover();
  const box = await figure.boundingBox();
  const middle = (box?.x ?? 0) + (box?.width ?? 0) / 2;
  await page.keyboard.down("Shift");
  await page.mouse.down();
  await page.mouse.move(middle + 60, (box?.y ?? 0) + 80, { steps: 4 });
  await page.mouse.up();
  await page.keyboard.up("Shift");
  await expect.poll(() => updates()[0]).toBeLessThan(held);
  expect(updates()[1] - updates()[0]).toBe(width);
  const stretch = await shown();
  await page.reload();
  await expect.poll(shown).toBe(stretch);

  for (const view of ["What it learned", "Results", "Settings", "Log"]) {
    await page.getByRole("button", { name: view, exact: true }).click();
    await page.locator("main :is(table, figure svg)").first().waitFor();
    expect(await violations(page), view).toEqual([]);
  }

  // What is being typed stays while the page hears of something else, and is kept when its field is left.
  await page.getByRole("button", { name: "Settings", exact: true }).click();
  const notes = page.getByLabel("Notes");
  await notes.fill("half a sentence");
  const id = page.url().match(/#\/run\/([^?]+)/)?.[1];
  await post(lab, `runs/${id}/labels`, { add: ["meanwhile"] });
  await page.getByRole("button", { name: "meanwhile" }).waitFor();
  expect(await notes.inputValue()).toBe("half a sentence");
  await notes.blur();
  await page.reload();
  await expect.poll(() => notes.inputValue()).toBe("half a sentence");
  await page.close();
  expect(problems).toEqual([]);
});

test("the page that trains ends with the weights of the command line, with threads, with one, and stopped amid it", async () => {
  const page = await openPage("try/#/train?data=moons&set.training.epochs=20");
  const train = page.getByRole("button", { name: /^Train/ });
  const sha256 = async () => await page.locator(".hash").textContent();
  expect(await page.evaluate("crossOriginIsolated")).toBe(true);
  await page.locator("figure svg desc").waitFor({ state: "attached" });
  expect(await violations(page)).toEqual([]);
  await train.click();
  const weights = await sha256();
  // The surface of the last weights, and all that is drawn beneath it.
  await page.getByText(/after update 300\./).waitFor();
  await page.getByRole("heading", { name: "Probability of the right class" }).waitFor();
  expect(await violations(page)).toEqual([]);

  const download = async (name: string) => {
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name }).click()]);
    await file.saveAs(join(folder, name));
  };
  for (const name of ["moons.yaml", "moons-train.csv", "moons-test.csv"]) await download(name);
  const commandLine = await gradusJson(["train", "moons.yaml", "--no-store"], { cwd: folder });
  expect(weights).toBe(commandLine.weightsSha256);

  // Stopped on the way, and gone on with.
  await page.getByLabel("Speed").selectOption("slowly");
  await train.click();
  await page.getByRole("button", { name: "Stop" }).click();
  await page.getByText(/stopped, update/).waitFor();
  await page.getByLabel("Speed").selectOption("as fast as it goes");
  await page.getByRole("button", { name: "Go on" }).click();
  expect(await sha256()).toBe(weights);

  // What is wrong is said, and the address keeps it.
  await page.getByLabel("batch", { exact: true }).fill("-3");
  await page.getByLabel("batch", { exact: true }).blur();
  expect(await page.getByRole("alert").textContent()).toContain("training.batch");
  await page.reload();
  await page.getByRole("alert").waitFor();

  // A folder of pictures, a folder a class in it.
  const pets = join(folder, "pets");
  for (const [shade, name] of ["cat", "dog"].entries()) {
    mkdirSync(join(pets, name), { recursive: true });
    for (let i = 0; i < 20; i++) {
      const data = new Uint8Array(16).fill(200 * shade + i);
      writeFileSync(join(pets, name, `${i}.png`), encode({ width: 4, height: 4, data, channels: 1, depth: 8 }));
    }
  }
  await page.goto(`${lab.url}try/#/train?data=files&set.training.batch=8&set.training.epochs=5`);
  await page.getByLabel("or a folder").setInputFiles(pets);
  await page.getByText("2 classes: cat, dog").waitFor();
  await train.click();
  await page.getByText(/ of the (test|validation) images are right/).waitFor();
  await page.close();

  // From a server of files only, without isolation: one thread, and it says so.
  const host = await serveFolder(`${root}build/web/try`);
  const alone = await browser.newPage({ viewport: { width: 360, height: 740 }, colorScheme: "dark" });
  await alone.goto(`http://gradus.test:${host.port}/#/train?data=moons&set.training.epochs=20`);
  await alone.getByText("one thread: it is not").waitFor();
  await alone.getByRole("button", { name: "Train", exact: true }).click();
  expect(await alone.locator(".hash").textContent()).toBe(weights);
  expect(await fits(alone)).toBe(true);
  expect(await violations(alone)).toEqual([]);
  await alone.close();
  host.close();
  expect(problems).toEqual([]);
});

test("the site that trains is below 200 kB, packed, without its kernels", () => {
  const assets = readdirSync(`${root}build/web/try/assets`).filter((name) => !name.startsWith("kernels-"));
  const packed = ["index.html", ...assets.map((name) => `assets/${name}`)].map(
    (name) => gzipSync(readFileSync(`${root}build/web/try/${name}`)).length,
  );
  expect(packed.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(200_000);
});

test("step by step and gradient check: by keyboard, at 360 pixels, without a fault", async () => {
  const page = await openPage("try/#/step", { viewport: { width: 360, height: 740 } });
  await page.getByRole("button", { name: /^dW1\[1,1\]/ }).focus();
  expect(await page.getByRole("status").textContent()).toMatch(/^dW1\[1,1\] = .* 2 \* 0\.05 \* 0\.5 = /);
  expect(await page.locator(".entry.input").count()).toBe(5);
  await page.getByRole("button", { name: "Take the step" }).click();
  await page.getByText("after update 1").waitFor();
  expect(await fits(page)).toBe(true);
  expect(await violations(page)).toEqual([]);
  await page.goto(`${lab.url}try/#/check?break=factor-2&layers=2`);
  await page.getByText("The check fails, and says where: W1, W2.").waitFor();
  await page.getByRole("combobox", { name: /^Break/ }).selectOption("");
  await page.getByText("The check passes: every gradient is right.").waitFor();
  expect(await fits(page)).toBe(true);
  expect(await violations(page)).toEqual([]);
  await page.close();
  expect(problems).toEqual([]);
});

test("a search that is begun from the form is watched to its end, and every page of it is without a fault", async () => {
  const page = await openPage(`#/run/${await trainedRun(lab, "to search around")}`);
  await page.getByRole("link", { name: "Search around it" }).click();
  await page.getByLabel("name", { exact: true }).fill("formed");
  await page.getByLabel("trials", { exact: true }).fill("4");
  await page.getByRole("button", { name: "Vary another key" }).click();
  expect(await violations(page)).toEqual([]);
  // What is being typed stays while the page is drawn anew.
  await page.getByLabel(/around the best/).fill("3");
  await page.evaluate("location.hash += '&seeds=2'");
  await expect.poll(() => page.getByLabel("seeds of each setting").inputValue()).toBe("2");
  expect(await page.getByLabel(/around the best/).inputValue()).toBe("3");
  await page.getByLabel("seeds of each setting").fill("1");
  await page.getByRole("button", { name: "Start the search" }).click();
  await page.getByRole("heading", { name: "formed" }).waitFor();
  await page.locator(".state", { hasText: "finished" }).waitFor({ timeout: 60_000 });
  await page.getByText("7 of 7 trials, stage 2 of 2").waitFor();
  // Two parameters, their pair, the lines, the course.
  await expect.poll(() => page.locator("figure svg desc").count()).toBe(5);
  expect(await violations(page)).toEqual([]);
  // A stretch of an axis by keyboard; a reload shows the same.
  const slider = page.getByRole("slider", { name: "accuracy (%), from" });
  await slider.focus();
  await slider.press("End");
  await page.getByText(/trials that are left/).waitFor();
  const left = await page.getByText(/trials that are left/).textContent();
  await page.reload();
  await expect.poll(() => page.getByText(/trials that are left/).textContent()).toBe(left);
  // By dragging along an axis, and back by a click on it.
  await page.getByRole("button", { name: "Show all", exact: true }).click();
  const strip = page.locator(".strip").first();
  await strip.scrollIntoViewIfNeeded();
  const box = await strip.boundingBox();
  const at = (part: number): [number, number] => [(box?.x ?? 0) + 10, (box?.y ?? 0) + part * (box?.height ?? 0)];
  await page.mouse.move(...at(0.1));
  await page.mouse.down();
  await page.mouse.move(...at(0.55), { steps: 3 });
  await page.mouse.up();
  await page.getByText(/trials that are left/).waitFor();
  await expect.poll(() => page.url()).toMatch(/brush=0%3A4[45]-90/);
  await page.mouse.click(...at(0.3));
  await expect.poll(() => page.url()).not.toContain("brush=");
  // By a finger too: a stretch is drawn, moved, and let go of by a tap.
  const screen = await page.context().newCDPSession(page);
  const drag = async (...parts: readonly number[]) => {
    for (const [i, part] of parts.entries()) {
      const [x, y] = at(part);
      const type = i === 0 ? "touchStart" : "touchMove";
      await screen.send("Input.dispatchTouchEvent", { type, touchPoints: [{ x, y }] });
    }
    await screen.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  };
  await drag(0.2, 0.3, 0.6);
  await expect.poll(() => page.url()).toMatch(/brush=0%3A(39|40|41)-(79|80|81)/);
  await drag(0.4, 0.35, 0.3);
  await expect.poll(() => page.url()).toMatch(/brush=0%3A(49|50|51)-(89|90|91)/);
  await drag(0.9);
  await expect.poll(() => page.url()).not.toContain("brush=");
  await page.setViewportSize({ width: 360, height: 740 });
  for (const view of ["Trials", "Settings", "Figures"]) {
    await page.getByRole("button", { name: view, exact: true }).click();
    expect(await violations(page), view).toEqual([]);
    expect(await fits(page), view).toBe(true);
  }
  // A run of it that another process trains.
  const holder = await openStore(join(folder, "lab"));
  const [created, opened] = (await holder.read((await holder.logs({ kind: "run" }))[0].log)).slice(0, 2);
  const tagged = encodeRunEvent({ kind: "labelled", tags: ["formed"] });
  await holder.append({ log: "of-the-search", kind: "run", at: 0, entries: [created, opened, tagged] });
  const claim = await holder.claim("of-the-search");
  await page.getByText("1 run trains, update 0 of 1").waitFor();
  expect(await violations(page)).toEqual([]);
  await claim?.release();
  await page.getByText("1 run trains").waitFor({ state: "detached" });
  await holder.close();
  await page.goto(`${lab.url}#/searches`);
  await page.getByRole("link", { name: "formed" }).waitFor();
  expect(await violations(page)).toEqual([]);
  await page.close();
  expect(problems).toEqual([]);
});

// Texts that run a script where a page takes them for markup; the browser of the tests has letters for ASCII only.
const payloads = [
  "<img src=x onerror=alert(1)>",
  "<svg onload=alert(1)>",
  "<script>alert(1)</script>",
  "<body onload=alert(1)>",
  "<iframe src=javascript:alert(1)>",
  "<iframe srcdoc='<script>alert(1)</script>'>",
  "<details open ontoggle=alert(1)>",
  "<input autofocus onfocus=alert(1)>",
  "<a href=javascript:alert(1) autofocus onfocus=alert(1)>x</a>",
  "<video><source onerror=alert(1)></video>",
  "<marquee onstart=alert(1)>",
  "<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>",
  "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
  "<svg><use href='data:image/svg+xml,<svg onload=alert(1)>'/>",
  "<style>@import 'javascript:alert(1)'</style>",
  "<object data=javascript:alert(1)>",
  "<form><button formaction=javascript:alert(1)>x</button></form>",
  "<template><script>alert(1)</script></template>",
  "javascript:alert(1)",
  "{{constructor.constructor('alert(1)')()}}",
];
const contexts = ["", '">', "'>", "</title></textarea></script>", "]]>--!>"];
const hostile = contexts.flatMap((context) => payloads.map((payload) => context + payload));

test("a replication in another terminal appears and moves, without reload, and is broken off where its process is killed", async () => {
  const page = await openPage("#/runs");
  let kill = () => {};
  const replication = gradus(["replicate", "000-E5", "--repeats", "4", "--quiet"], {
    env: { GRADUS_STORE: join(folder, "lab") },
    onStart: (child) => {
      kill = () => child.kill("SIGKILL");
    },
  });
  const row = page.locator("tbody tr").filter({ hasText: "000-E5" }).first();
  try {
    const texts = new Set<string | null>();
    await row.waitFor({ timeout: 60_000 });
    const look = async () => texts.add(await row.textContent()).size;
    await expect.poll(look, { timeout: 60_000 }).toBeGreaterThan(2);
    expect([...texts].every((text) => text?.includes("running"))).toBe(true);
  } finally {
    kill();
    await replication;
  }
  // Where it was watched it stays; who comes later is told that there are more.
  await expect.poll(() => row.textContent()).toContain("interrupted");
  await page.reload();
  await page.getByRole("button", { name: "begun for replication: list them" }).waitFor();
  expect(await row.count()).toBe(0);
  await page.close();
});

test("a thousand runs with hostile names are listed, looked at and compared, and no script of theirs runs", async () => {
  const opened = await openStore(join(folder, "thousand"));
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
  // And one run that has all of them wherever a text may stand.
  const whole = appends[0].entries.map((entry): RunEvent => {
    const event = decodeRunEvent(entry, "all");
    if (event.kind === "created") return { ...event, data: hostile.map((file) => ({ file, sha256: file })) };
    if (event.kind === "labelled")
      return { ...event, name: hostile.join(" "), tags: hostile, notes: hostile.join("\n") };
    if (event.kind !== "opened") return event;
    return { ...event, versions: Object.fromEntries(hostile.map((text) => [text, text])) };
  });
  await opened.append({ log: "all", kind: "run", at: 0, entries: whole.map(encodeRunEvent) });
  const replication = appends[1].entries.map((entry): RunEvent => {
    const event = decodeRunEvent(entry, "other");
    return event.kind === "created" ? { ...event, purpose: "replication" } : event;
  });
  const entries = replication.map(encodeRunEvent);
  await opened.append(
    { log: "other", kind: "run", at: 0, entries },
    { log: "going", kind: "run", at: 0, entries: entries.slice(0, -1) },
  );
  await opened.close();

  const holder = await openStore(join(folder, "thousand"));
  const claim = await holder.claim("going");
  const server = await serve("thousand");
  const page = await openPage("#/runs", { viewport: { width: 360, height: 740 } }, server);
  // One of two that were begun for something else runs: that one is listed.
  await page.getByText("1002 of 1003 runs", { exact: true }).waitFor();
  await page.getByRole("button", { name: "1 more, begun for replication: list them" }).click();
  await page.getByText("1003 runs", { exact: true }).waitFor();
  await claim?.release();
  await holder.close();
  expect(await fits(page)).toBe(true);
  await page.getByRole("button", { name: "best validation (%)" }).click();
  await expect.poll(() => page.locator("tbody tr").first().textContent()).toContain("100.00");
  await page.locator("summary").click();
  await page.getByLabel("training.lambda").check();
  const ids = appends.slice(0, hostile.length).map(({ log }) => log);
  for (const hash of [
    `#/run/${ids[0]}?view=settings`,
    ...["curves", "learned", "results", "settings", "log"].map((view) => `#/run/all?view=${view}`),
  ]) {
    await page.goto(`${server.url}${hash}`);
    await page.locator("main :is(table, svg desc, h2, .views ~ p)").first().waitFor({ state: "attached" });
  }
  for (const half of [ids.slice(0, 50), ids.slice(50)]) {
    await page.goto(`${server.url}#/compare?runs=${half.join(",")}`);
    await page.reload();
    await page.getByText("Settings that differ").waitFor();
    await page.locator("figure svg desc").waitFor({ state: "attached" });
  }
  expect(await page.evaluate("document.scripts.length")).toBe(1);
  // Of two, for what a page of fifty is made of is the same, and takes a second.
  await page.goto(`${server.url}#/compare?runs=${ids.slice(0, 2).join(",")}`);
  await page.getByText("comparison of 2").waitFor();
  expect(await violations(page)).toEqual([]);
  // The names of picked files, and of the classes in one, on the page that trains.
  const file = (name: string, text: string) => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
  const quoted = hostile.map((text) => `"${text.replaceAll('"', '""')}"`);
  const rows = quoted.flatMap((label, i) => [0, 1, 2].map((j) => `${label},${(i * 2) % 256},${j * 90}`));
  await page.goto(`${server.url}try/#/train?data=files`);
  await page
    .getByLabel("Files", { exact: true })
    .setInputFiles([
      file(hostile[0], `label,x,y\n${rows.join("\n")}\n`),
      ...hostile.slice(1, 99).map((name) => file(`test${name}`, "")),
    ]);
  await page.goto(
    `${server.url}try/#/train?data=files&set.evaluate.test=false&set.data.dataset=${encodeURIComponent(JSON.stringify({ train: [hostile[0]] }))}`,
  );
  await page.getByText(/; 100 classes:/).waitFor();
  await page.getByRole("button", { name: "Train", exact: true }).click();
  await page.getByText(/(finished|diverged), update/).waitFor();
  expect(await page.evaluate("document.scripts.length")).toBe(1);
  await page.goto(`${server.url}#/experiments`);
  await page.getByText("37 experiments").waitFor();
  expect(await fits(page)).toBe(true);
  expect(await violations(page)).toEqual([]);
  await page.getByRole("link", { name: "004-E2" }).click();
  await page.getByRole("heading", { name: /004-E2/ }).waitFor();
  expect(await fits(page)).toBe(true);
  expect(await violations(page)).toEqual([]);
  await page.close();
  expect(problems).toEqual([]);
});

test("a page whose server went away says so, and goes on with what has changed when it is back", async () => {
  const server = await serve("away");
  await trainedRun(server, "to come back to");
  const page = await openPage("#/runs", { colorScheme: "dark" }, server);
  await page.getByText("1 run", { exact: true }).waitFor();
  expect(await violations(page)).toEqual([]);
  expect(await server.end()).toBe(0);
  await page.getByText("connection lost").waitFor();
  const opened = await openStore(join(folder, "away"));
  const [{ log, entries }] = (await opened.logs({ kind: "run" })).slice(0, 1);
  const label = { kind: "labelled" as const, tags: ["meanwhile"] };
  await opened.append({ log, kind: "run", at: entries, entries: [encodeRunEvent(label)] });
  await opened.close();
  const back = await serve("away", { port: server.port });
  await page.getByRole("button", { name: "meanwhile" }).waitFor();
  // Of the log of a run that goes on while the server is away, every entry comes, and each once.
  await page.goto(`${server.url}#/run/${log}?view=log`);
  const numbers = () => page.locator("tbody td:first-child").allTextContents();
  const upTo = (count: number) => Array.from({ length: count }, (_, entry) => String(count - 1 - entry));
  await expect.poll(numbers).toEqual(upTo(entries + 1));
  await back.end();
  await page.getByText("connection lost").waitFor();
  const away = await openStore(join(folder, "away"));
  const append = (at: number) => away.append({ log, kind: "run", at, entries: [encodeRunEvent(label)] });
  await append(entries + 1);
  await append(entries + 2);
  await serve("away", { port: server.port });
  await append(entries + 3);
  await away.close();
  await expect.poll(numbers, { timeout: 20_000 }).toEqual(upTo(entries + 4));
  await page.close();
  expect(problems).toEqual([]);
});

test("a run's file, a store's folder and its file are looked at only, and stay as they are", async () => {
  const store = join(folder, "looked-at");
  const options = { env: { GRADUS_STORE: store }, cwd: folder };
  const data = { dataset: smallDataset(), split: { kind: "hold-out", validation: 20 } };
  const training = { batch: 20, epochs: 1, schedule: { kind: "constant", rate: 0.01 } };
  writeFileSync(join(folder, "looked-at.yaml"), JSON.stringify({ name: "looked at", data, training, device: "wasm" }));
  await gradusJson(["train", "looked-at.yaml"], options);
  const [file, database] = [join(folder, "run.gradus"), join(store, "runs.sqlite")];
  await gradusJson(["export", "latest", "--out", file], options);
  const bytes = () => [file, database].map((each) => readFileSync(each));
  const before = bytes();
  const lookAt = async (place: string) => {
    const { url, end } = await serve("unused", { file: place });
    const { runs } = (await (await fetch(`${url}api/runs`)).json()) as { runs: { id: string; name: string }[] };
    expect(runs, place).toMatchObject([{ name: "looked at" }]);
    const labels = { method: "POST", headers: { "content-type": "application/json" }, body: '{"add":["good"]}' };
    expect((await fetch(`${url}api/runs/${runs[0].id}/labels`, labels)).ok, place).toBe(false);
    expect(await end(), place).toBe(0);
  };
  await Promise.all([file, store, database].map(lookAt));
  expect(bytes()).toEqual(before);
});

test("what cannot be served is refused before anything is", async () => {
  const options = { env: { GRADUS_STORE: join(folder, "unused") } };
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
