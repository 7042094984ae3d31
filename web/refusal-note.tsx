import type { ComponentChildren } from "preact";
import type { Refusal } from "./ask.ts";

interface RefusalNoteProps {
  readonly refusal: Refusal;
  readonly children?: ComponentChildren;
}

/** What is wrong, and what helps. */
export function RefusalNote({ refusal: { place, complaint, remedy }, children }: RefusalNoteProps) {
  return (
    <div class="refusal" role="alert">
      <p>
        <b>{place}:</b> {complaint}
      </p>
      <p>{remedy}</p>
      {children}
    </div>
  );
}
