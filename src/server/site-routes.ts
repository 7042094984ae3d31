import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Hono } from "hono";
import { forever } from "./answer.ts";
import type { LabServer } from "./lab-server.ts";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** The pages themselves: files that are read once, by names that are known beforehand. No path comes from a request. */
export function siteRoutes(app: Hono, { site }: LabServer): void {
  for (const [folder, url] of [
    ["", "/"],
    ["try", "/try/"],
  ]) {
    const home = path.join(site, folder);
    if (!existsSync(home)) continue;
    const page = readFileSync(path.join(home, "index.html"));
    app.get(url, (context) => context.body(new Uint8Array(page), 200, { "content-type": types[".html"] }));
    const assets = path.join(home, "assets");
    for (const name of existsSync(assets) ? readdirSync(assets) : []) {
      const bytes = readFileSync(path.join(assets, name));
      app.get(`${url}assets/${name}`, (context) => forever(context, bytes, types[path.extname(name)] ?? "text/plain"));
    }
  }
  // What is loaded there is beside it.
  app.get("/try", (context) => context.redirect("/try/"));
}
