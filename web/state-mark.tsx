import type { RunRow } from "../src/server/run-row.ts";
import { Sign } from "./sign.tsx";

/** A state as a sign and a word: colour says it a third time. */
export function StateMark({ run: { state } }: { readonly run: Pick<RunRow, "state"> }) {
  return (
    <span class={`state ${state}`}>
      <Sign name={state} /> {state}
    </span>
  );
}
