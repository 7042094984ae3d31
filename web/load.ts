import { type Answer, useAnswer } from "./answer.ts";
import { ask, type Refusal } from "./ask.ts";

/** What the server says at a path, asked anew whenever the path or `version` changes. */
export function useLoaded<T>(path: string | undefined, version?: unknown): Answer<T, Refusal> {
  return useAnswer<T, Refusal>(path, () => ask<T>(path ?? ""), version);
}
