import { afterAll, expect, test } from "vitest";
import { Fault } from "../fault/fault.ts";
import { accessOf } from "./access.ts";
import { host, port, smallLab } from "./fixtures/small-lab.ts";

const token = "a token of many letters";
const labs = [smallLab(), smallLab({ isReadOnly: true }), smallLab({ access: accessOf("127.0.0.1", port, token) })];
const [lab, readOnly, guarded] = labs;
afterAll(async () => {
  for (const each of labs) await each.close();
});

const methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"];
const hosts = [host, `localhost:${port}`, "127.0.0.1:1", `evil.${host}`, ""];
const origins = [undefined, `http://${host}`, "http://127.0.0.1:1", "null"];

/** Every path of the router's own table, with ids of nothing. */
function paths({ app }: typeof lab): string[] {
  const known = app.routes.map(({ path }) => path).filter((path) => path !== "/*");
  return [...new Set(known)].map((path) => path.replace(/:\w+/g, "nothing"));
}

test("every route answers to this machine's page only, by its own methods only", async () => {
  expect(paths(lab).length).toBeGreaterThan(15);
  for (const each of [lab, readOnly]) {
    const allowed = new Set(each.app.routes.map(({ path, method }) => `${method} ${path.replace(/:\w+/g, "nothing")}`));
    for (const path of paths(each)) {
      for (const method of methods) {
        for (const hostHeader of hosts) {
          for (const origin of origins) {
            const headers = { host: hostHeader, ...(origin === undefined ? {} : { origin }) };
            const response = await each.ask(path, { method, headers });
            await response.body?.cancel();
            const isOurs = hostHeader === host || hostHeader === `localhost:${port}`;
            const isSame = origin === undefined || origin === `http://${hostHeader}`;
            const isKnown = allowed.has(`${method === "HEAD" ? "GET" : method} ${path}`);
            const what = `${method} ${path} Host ${hostHeader} Origin ${origin}`;
            if (!isOurs || !isSame) expect(response.status, what).toBe(403);
            else if (!isKnown) expect(response.status, what).toBe(405);
            else if (method === "POST") expect(response.ok, what).toBe(false); // no body, no run
            expect(response.headers.get("access-control-allow-origin"), what).toBeNull();
            expect(response.headers.get("content-security-policy"), what).toContain("script-src 'self'");
          }
        }
      }
    }
  }
});

test("of a file nothing can be begun or changed: no route of the table takes a POST but the one that checks a spec", () => {
  const posts = readOnly.app.routes.filter(({ method }) => method === "POST").map(({ path }) => path);
  expect(posts).toEqual(["/api/spec"]);
  expect(lab.app.routes.filter(({ method }) => method === "POST").length).toBeGreaterThan(posts.length + 3);
});

test("another site's page is refused even where it sends no Origin, but may link here", async () => {
  const cross = { "sec-fetch-site": "cross-site" };
  expect((await lab.ask("/api/runs", { headers: cross })).status).toBe(403);
  expect((await lab.ask("/", { headers: { ...cross, "sec-fetch-mode": "navigate" } })).status).toBe(200);
});

test("with a token nothing answers without it; the printed link opens the page and leaves it in a cookie", async () => {
  for (const path of paths(guarded)) expect((await guarded.ask(path)).status, path).toBe(401);
  expect((await guarded.ask("/?token=wrong")).status).toBe(401);
  const opened = await guarded.ask(`/?token=${encodeURIComponent(token)}`);
  expect(opened.status).toBe(302);
  const cookie = opened.headers.get("set-cookie") ?? "";
  expect(cookie).toMatch(/HttpOnly/);
  expect(cookie).toMatch(/SameSite=Strict/);
  expect((await guarded.ask("/api/runs", { headers: { cookie: cookie.split(";")[0] } })).status).toBe(200);
  expect((await guarded.ask("/api/runs", { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
});

test("an address that other machines reach needs a token, and one that cannot be guessed", () => {
  for (const address of ["0.0.0.0", "::", "192.168.1.7"]) expect(() => accessOf(address, port)).toThrow(Fault);
  expect(() => accessOf("0.0.0.0", port, "short")).toThrow(/too short/);
  expect(accessOf("192.168.1.7", port, token).hosts).toContain(`192.168.1.7:${port}`);
  expect(accessOf("::1", port).hosts).toContain(`[::1]:${port}`);
});

test("a body of more than 64 KiB is refused", async () => {
  const response = await lab.ask("/api/runs", { json: { spec: { name: "x".repeat(70_000) } } });
  expect(response.status).toBe(413);
});
