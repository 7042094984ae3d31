import type { Browser, Page } from "playwright-core";
import { median } from "./median.ts";

// What a person waits for on the pages of `gradus serve`, in a headless browser.

/** Milliseconds until the page of a browser that has nothing of it yet shows something. */
export async function firstPaint(browser: Browser, url: string, rounds: number): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const page = await browser.newPage();
    await page.goto(url);
    const painted = `new Promise((resolve) => new PerformanceObserver((list) => {
      for (const { name, startTime } of list.getEntries()) if (name === "first-contentful-paint") resolve(startTime);
    }).observe({ type: "paint", buffered: true }))`;
    times.push(await page.evaluate<number>(painted));
    await page.close();
  }
  return median(times.slice(1)); // the first one waits for the browser as well
}

/** Milliseconds from asking the server for all runs until the list of them is painted. */
export async function listTime(browser: Browser, url: string, rounds: number): Promise<number> {
  return await afterEach(browser, rounds, async (page) => {
    await page.goto(`${url}#/runs`);
    return await page.evaluate<number>(painted("window.asked", "tbody tr"));
  });
}

/** Milliseconds from following the link to a run until its curves are painted: its log is asked for, folded and drawn. */
export async function chartTime(browser: Browser, url: string, rounds: number): Promise<number> {
  return await afterEach(browser, rounds, async (page) => {
    await page.goto(`${url}#/runs`);
    await page.locator("tbody tr").first().waitFor();
    return await page.evaluate<number>(
      `(() => { const began = performance.now(); document.querySelector("tbody th a").click(); return ${painted("began", "figure path.line")}; })()`,
    );
  });
}

/** The same of the comparison of so many runs. */
export async function comparisonTime(browser: Browser, url: string, ids: readonly string[], rounds: number) {
  return await afterEach(browser, rounds, async (page) => {
    await page.goto(`${url}#/runs`);
    await page.locator("tbody tr").first().waitFor();
    const hash = JSON.stringify(`#/compare?runs=${ids.join(",")}`);
    return await page.evaluate<number>(
      `(() => { const began = performance.now(); location.hash = ${hash}; return ${painted("began", "figure path.line")}; })()`,
    );
  });
}

/** Frames a second while a stretch of a page's figure is moved by hand, a little with every frame. */
export async function panningFrames(browser: Browser, url: string, milliseconds: number): Promise<number> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(url);
  await page.locator("figure path.line").first().waitFor({ state: "attached" });
  const rate = await page.evaluate<number>(`new Promise((resolve) => {
    const element = document.querySelector(".crosshair");
    const box = element.getBoundingClientRect();
    const point = (type, x) => element.dispatchEvent(
      new PointerEvent(type, { bubbles: true, shiftKey: true, clientX: x, clientY: box.top + 60 }));
    const middle = box.left + box.width / 2;
    point("pointerdown", middle);
    let frames = 0, began, shown = new Set();
    const frame = (now) => {
      began ??= now;
      shown.add(document.querySelector("figure path.line").getAttribute("d"));
      if (now - began >= ${milliseconds}) {
        point("pointerup", middle);
        if (shown.size < frames / 2) throw new Error("the figure does not move");
        return resolve(frames / ((now - began) / 1000));
      }
      point("pointermove", middle + box.width / 4 * Math.sin(frames++ / 20));
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  })`);
  await page.close();
  return rate;
}

/** Milliseconds from `began` until there is an element, and a frame with it has been painted. */
function painted(began: string, selector: string): string {
  return `new Promise((resolve) => {
    const look = () => {
      if (document.querySelector(${JSON.stringify(selector)}) === null) return requestAnimationFrame(look);
      requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - ${began})));
    };
    look();
  })`;
}

async function afterEach(browser: Browser, rounds: number, measure: (page: Page) => Promise<number>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    // When the page asks for the runs.
    await page.addInitScript(`window.EventSource = class extends EventSource {
      constructor(...all) { super(...all); window.asked = performance.now(); }
    };`);
    times.push(await measure(page));
    await page.close();
  }
  return median(times.slice(1));
}
