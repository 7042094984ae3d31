// Pictures of the pages of `gradus serve`, for docs/images and for whoever changes a page and wants to see it:
//   node scripts/screenshots.ts http://127.0.0.1:4000/ FOLDER
// Takes the first runs and the first search that the store has: train and search a little before. The page that trains is
// pictured when it has.
import { mkdirSync } from "node:fs";
import { openBrowser } from "../tests/open-page.ts";

const [url, folder] = process.argv.slice(2);
const { runs } = (await (await fetch(`${url}api/runs`)).json()) as {
  runs: { id: string; state: string; name: string }[];
};
const studies = (await (await fetch(`${url}api/studies`)).json()) as { name: string }[];
const ended = runs.filter(({ state }) => state === "finished").map(({ id }) => id);
const pages = {
  runs: "#/runs?setting=training.lambda",
  run: `#/run/${ended[0]}`,
  learned: `#/run/${ended[0]}?view=learned`,
  results: `#/run/${ended[0]}?view=results`,
  settings: `#/run/${ended[0]}?view=settings`,
  compare: `#/compare?runs=${ended.slice(0, 5).join(",")}`,
  searches: "#/searches",
  ...(studies.length === 0 ? {} : { search: `#/search/${studies[0].name}` }),
  "new-search": "#/new-search",
  experiments: "#/experiments",
  new: "#/new",
  try: "try/#/train?data=spirals",
  "try-step": "try/#/step?step=1",
  "try-check": "try/#/check?break=factor-2",
};
const looks = {
  "": { viewport: { width: 1280, height: 800 }, colorScheme: "light" },
  "-dark": { viewport: { width: 1280, height: 800 }, colorScheme: "dark" },
  "-phone": { viewport: { width: 360, height: 740 }, colorScheme: "light" },
} as const;

mkdirSync(folder, { recursive: true });
const browser = await openBrowser();
for (const [look, options] of Object.entries(looks)) {
  const page = await browser.newPage(options);
  page.on("console", (message) => message.type() === "error" && console.error(message.text()));
  for (const [name, hash] of Object.entries(pages)) {
    await page.goto(`${url}${hash}`);
    await page.reload();
    await page.locator("h1").waitFor();
    if (name === "try") {
      await page.getByRole("button", { name: "Train", exact: true }).click();
      await page.getByRole("heading", { name: "Probability of the right class" }).waitFor({ timeout: 60_000 });
    }
    if (name === "try-step") await page.getByRole("button", { name: /^dW1\[1,1\]/ }).focus();
    if (name === "try-check") await page.locator(".headline").waitFor({ timeout: 60_000 });
    await page.waitForLoadState("networkidle", { timeout: 3000 }).catch(() => {}); // its stream never ends
    await page.screenshot({ path: `${folder}/${name}${look}.png`, fullPage: true });
  }
  await page.close();
}
await browser.close();
