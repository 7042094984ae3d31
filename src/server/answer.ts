import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { Fault, type FaultCode } from "../fault/fault.ts";
import { toExactJson } from "../record/number.ts";

const statuses: Readonly<Record<FaultCode, ContentfulStatusCode>> = {
  usage: 400,
  spec: 400,
  data: 422,
  network: 502,
  device: 422,
  store: 409,
  output: 500,
  diverged: 409,
  check: 409,
  interrupted: 409,
};

/** JSON in which every number keeps its value: `fromExactJson` reads it. */
export function exact(context: Context, value: unknown, status: ContentfulStatusCode = 200): Response {
  return context.body(toExactJson(value), status, { "content-type": "application/json; charset=utf-8" });
}

/** A refusal as JSON: what is wrong, where, and what to do about it. */
export function refused(context: Context, fault: Fault, status = statuses[fault.code]): Response {
  const { code, message, place, complaint, remedy } = fault;
  return exact(context, { error: { code, message, place, complaint, remedy } }, status);
}

export function notFound(context: Context): Response {
  const fault = new Fault("usage", context.req.path, "there is no such thing here", "go back to the list of runs");
  return refused(context, fault, 404);
}

/** Bytes that never change under their name. */
export function forever(context: Context, bytes: Uint8Array, type: string): Response {
  return context.body(new Uint8Array(bytes), 200, {
    "content-type": type,
    "cache-control": "private, max-age=31536000, immutable",
  });
}

/** A file to keep, not to show: what is in it may bring its own style. */
export function attachment(context: Context, bytes: Uint8Array | string, name: string, type: string): Response {
  return context.body(typeof bytes === "string" ? bytes : new Uint8Array(bytes), 200, {
    "content-type": type,
    "content-disposition": `attachment; filename="${name}"`,
  });
}
