import type { Context } from "hono";
import { Fault } from "../fault/fault.ts";
import { readRun } from "../lab/kept-runs.ts";
import type { KeptRun } from "../record/run-record.ts";
import type { Store } from "../store/store.ts";

/** The run that a route names by its whole id; undefined where there is none, or it is in the trash. */
export async function knownRun(store: Store, context: Context): Promise<KeptRun | undefined> {
  const id = await knownId(store, context);
  return id === undefined ? undefined : await readRun(store, id);
}

/** The same, of which nothing is read. */
export async function knownId(store: Store, context: Context): Promise<string | undefined> {
  const id = context.req.param("id") ?? "";
  return (await store.logs({ kind: "run", log: id })).length === 0 ? undefined : id;
}

/** A whole number from 0 on, of a route or a query. @throws Fault `usage` */
export function wholeNumber(text: string, place: string): number {
  const value = Number(text);
  if (/^\d{1,15}$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new Fault("usage", place, `${JSON.stringify(text)} is no whole number`, "give one from 0 on");
}
