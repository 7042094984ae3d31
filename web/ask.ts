import { signal } from "@preact/signals";
import { fromExactJson } from "../src/record/number.ts";

/** What the server refused: what is wrong, and what to do about it. */
export interface Refusal {
  readonly place: string;
  readonly complaint: string;
  readonly remedy: string;
}

/** The last refusal of something a person asked for; the page shows it until it is put away. */
export const refusal = signal<Refusal | undefined>(undefined);

/** @throws Refusal */
export async function ask<T>(path: string, body?: unknown): Promise<T> {
  const init =
    body === undefined
      ? {}
      : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(path, init).catch(() => {
    throw unreachable;
  });
  const text = await response.text();
  if (response.ok) return fromExactJson(text) as T;
  const isJson = response.headers.get("content-type")?.startsWith("application/json");
  if (!isJson) throw { place: path, complaint: text.trim(), remedy: "reload the page" } satisfies Refusal;
  throw (fromExactJson(text) as { error: Refusal }).error;
}

const unreachable: Refusal = {
  place: "the server",
  complaint: "it does not answer",
  remedy: "start `gradus serve` again; the page goes on by itself",
};

/** Asks for something on a person's behalf: a refusal is shown. */
export async function wish<T>(path: string, body?: unknown): Promise<T | undefined> {
  try {
    refusal.value = undefined;
    return await ask<T>(path, body);
  } catch (error) {
    refusal.value = error as Refusal;
    return undefined;
  }
}
