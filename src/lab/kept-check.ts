import { createHash } from "node:crypto";
import { z } from "zod";
import { Fault } from "../fault/fault.ts";
import { fromExactJson, toExactJson } from "../record/number.ts";
import type { Store } from "../store/store.ts";
import { numbersVersion } from "./versions.ts";

/** Of the entries' form: one of another form is looked for under another name. */
const version = 1;

/**
 * What a gradient check comes to: from the store, where the same was checked under this version of the numbers before.
 * @param what everything that the result depends on, as JSON
 * @throws Fault `store` where what is kept is not what a check leaves
 */
export async function keptCheck<T>(
  store: Store,
  what: unknown,
  schema: z.ZodType<T>,
  check: () => Promise<T>,
): Promise<{ readonly seconds: number; readonly result: T }> {
  const name = createHash("sha256")
    .update(JSON.stringify([version, numbersVersion, what]))
    .digest("hex");
  const log = `check-${name.slice(0, 32)}`;
  const [entry] = await store.read(log);
  if (entry !== undefined) return decoded(entry, schema, `${store.place}: ${log}`);
  const began = performance.now();
  const result = await check();
  const checked = { seconds: (performance.now() - began) / 1000, result };
  const entries = [toExactJson({ what, ...checked })];
  // What cannot be kept is checked again the next time, and is no less right for it.
  await store.append({ log, kind: "gradient-check", at: 0, entries }).catch((error: unknown) => {
    if (!(error instanceof Fault)) throw error;
  });
  return checked;
}

function decoded<T>(text: string, schema: z.ZodType<T>, place: string) {
  const entry = z.strictObject({ what: z.unknown(), seconds: z.number().min(0), result: schema });
  const parsed = entry.safeParse(fromExactJson(text));
  if (parsed.success) return { seconds: parsed.data.seconds, result: parsed.data.result };
  const [{ path, message }] = parsed.error.issues;
  throw new Fault("store", place, `${path.join(".")}: ${message}`, "`gradus doctor` says what is damaged");
}
