import type { Place } from "../lab/run-study.ts";
import type { TrainingEvent } from "../record/event.ts";
import { noticeText } from "../report/run-notes.ts";
import type { Console } from "./console.ts";

/**
 * Shows what trainings of a search give notice of: before the first update each text once, as all trials have it; at their ends one line a
 * kind and population, with the trials it is true of.
 */
export function searchNotices(console: Console) {
  const said = new Set<string>();
  let atEnd = new Map<string, { readonly text: string; readonly trials: Set<number> }>();
  return {
    listen(event: TrainingEvent, { packs, index, link }: Place): void {
      if (event.kind !== "noticed") return;
      const text = noticeText(event.notice);
      if (event.step === 0) {
        if (!said.has(text)) console.say(`notice: ${text}`);
        said.add(text);
        return;
      }
      const { about } = event.notice;
      const known = atEnd.get(about) ?? { text, trials: new Set<number>() };
      known.trials.add(packs[index][event.member].trials[link].number);
      atEnd.set(about, known);
    },
    /** Says what has gathered. */
    flush(): void {
      for (const { text, trials } of atEnd.values()) {
        const [first, ...others] = trials;
        console.say(`notice: trial ${first}${others.length === 0 ? "" : ` and ${others.length} more`}: ${text}`);
      }
      atEnd = new Map();
    },
  };
}
