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

/** The page itself: files that are read once, by names that are known beforehand. No path comes from a request. */
export function siteRoutes(app: Hono, { site }: LabServer): void {
  const page = readFileSync(path.join(site, "index.html"));
  app.get("/", (context) => context.body(new Uint8Array(page), 200, { "content-type": types[".html"] }));
  const assets = path.join(site, "assets");
  for (const name of existsSync(assets) ? readdirSync(assets) : []) {
    const bytes = readFileSync(path.join(assets, name));
    app.get(`/assets/${name}`, (context) => forever(context, bytes, types[path.extname(name)] ?? "text/plain"));
  }
}
