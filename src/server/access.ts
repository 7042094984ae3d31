import { createHash, timingSafeEqual } from "node:crypto";
import { hostname, networkInterfaces } from "node:os";
import type { Context, MiddlewareHandler } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { Fault } from "../fault/fault.ts";

/** Who may ask. */
export interface Access {
  /** What a request's Host must be, its port included: another name may be a page's that had its address changed to ours. */
  readonly hosts: ReadonlySet<string>;
  /** What every request must know; absent where only this machine can ask. */
  readonly token?: string | undefined;
}

const loopback = ["127.0.0.1", "localhost", "::1"];
const cookie = "gradus-token";
/** Characters of a token, at least: fewer can be guessed. */
const leastCharacters = 16;

/** @throws Fault `usage` for an address that other machines reach, without a token that keeps them out */
export function accessOf(address: string, port: number, token?: string): Access {
  if (token !== undefined && token.length < leastCharacters) {
    throw new Fault("usage", "--token", "is too short", `give at least ${leastCharacters} characters`);
  }
  const isLocal = loopback.includes(address);
  if (!isLocal && token === undefined) {
    const remedy = `give --token with at least ${leastCharacters} characters, or leave --host out`;
    throw new Fault("usage", "--host", `other machines reach ${address}: whoever comes could train here`, remedy);
  }
  const names = isLocal ? loopback : [...loopback, address, hostname(), ...networkAddresses()];
  return { hosts: new Set(names.map((name) => `${bracketed(name)}:${port}`)), token };
}

function networkAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((list = []) =>
    list.map((networkAddress) => networkAddress.address),
  );
}

/** A host as URLs have it. */
export function bracketed(address: string): string {
  return address.includes(":") ? `[${address}]` : address;
}

/** Nothing but what this server serves: no inline script, no other site, no frame around it. WebAssembly is what trains in a page. */
const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Lets nobody in but the pages of this server, and programs that are asked by name. */
export function guard(access: Access): MiddlewareHandler {
  return async (context, next) => {
    const refusal = refusalOf(context, access);
    if (refusal !== undefined) context.res = refusal;
    else await next();
    const { headers } = context.res;
    headers.set("content-security-policy", policy);
    headers.set("x-content-type-options", "nosniff");
    headers.set("referrer-policy", "no-referrer");
    headers.set("cross-origin-opener-policy", "same-origin");
    headers.set("cross-origin-embedder-policy", "require-corp"); // isolated: its workers may share memory
    headers.set("cross-origin-resource-policy", "same-origin");
    if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
  };
}

function refusalOf(context: Context, { hosts, token }: Access): Response | undefined {
  const host = context.req.header("host") ?? "";
  if (!hosts.has(host.toLowerCase())) return context.text("this server does not answer to that Host\n", 403);
  const origin = context.req.header("origin");
  if (origin !== undefined && origin !== `http://${host}`) return context.text("of another origin\n", 403);
  const site = context.req.header("sec-fetch-site") ?? "none";
  const isOpened = context.req.method === "GET" && context.req.header("sec-fetch-mode") === "navigate";
  if (site !== "none" && site !== "same-origin" && !isOpened) return context.text("of another site\n", 403);
  return token === undefined ? undefined : withoutToken(context, token);
}

/** A link with the token opens the page once, and leaves it in a cookie that no script and no other site can use. */
function withoutToken(context: Context, token: string): Response | undefined {
  const bearer = context.req.header("authorization")?.replace(/^Bearer /, "");
  if (isSame(bearer ?? getCookie(context, cookie), token)) return undefined;
  if (context.req.path === "/" && isSame(context.req.query("token"), token)) {
    setCookie(context, cookie, token, { httpOnly: true, sameSite: "Strict", path: "/" });
    return context.redirect("/");
  }
  return context.text("open the address that `gradus serve` printed, with its token\n", 401);
}

/** In a time that does not tell how much of it was right. */
function isSame(asked: string | undefined, token: string): boolean {
  const hash = (text: string) => createHash("sha256").update(text).digest();
  return asked !== undefined && timingSafeEqual(hash(asked), hash(token));
}
