import type { Context } from "hono";
import type { z } from "zod";
import { Fault } from "../fault/fault.ts";

/** The body of a request, which is JSON of this form and says so. @throws Fault `usage` */
export async function requestBody<T>(context: Context, schema: z.ZodType<T>): Promise<T> {
  const refuse = (complaint: string, cause?: unknown) =>
    new Fault("usage", "request", complaint, "docs/serve.md has the form of every request", { cause });
  // A form of another site can send anything but this without asking first.
  if (!/^application\/json(;|$)/.test(context.req.header("content-type") ?? "")) {
    throw refuse("its content-type is not application/json");
  }
  let value: unknown;
  try {
    value = await context.req.json();
  } catch (cause) {
    throw refuse("its body is not JSON", cause);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [{ path, message }] = result.error.issues;
  throw refuse(`${path.join(".") || "its body"}: ${message}`, result.error);
}
