import { useState } from "preact/hooks";
import type { RunRow } from "../src/server/run-row.ts";
import { wish } from "./ask.ts";
import { useDraft } from "./draft.ts";
import { lab } from "./lab.ts";

/** What people call a run and remember of it. */
export function RunLabels({ run }: { readonly run: RunRow }) {
  const [tag, setTag] = useState("");
  const label = (labels: object) => wish(`/api/runs/${encodeURIComponent(run.id)}/labels`, labels);
  const name = useDraft(run.name, (written) => void label({ name: written }));
  const notes = useDraft(run.notes, (written) => void label({ notes: written }));
  if (lab.value?.isReadOnly !== false) return run.notes === "" ? null : <p>{run.notes}</p>;
  const add = async (event: Event) => {
    event.preventDefault();
    if ((await label({ add: [tag] })) !== undefined) setTag("");
  };
  return (
    <div class="labels">
      <label>
        Name
        <input {...name} />
      </label>
      <form onSubmit={(event) => void add(event)}>
        <label>
          Add a tag
          <input value={tag} onInput={({ currentTarget }) => setTag(currentTarget.value)} />
        </label>
        <button type="submit" disabled={tag === ""}>
          Add
        </button>
      </form>
      <p>
        {run.tags.map((each) => (
          <button
            key={each}
            type="button"
            class="tag"
            aria-label={`take the tag ${each} away`}
            onClick={() => void label({ remove: [each] })}
          >
            {each} ×
          </button>
        ))}
      </p>
      <label class="wide">
        Notes
        <textarea rows={3} {...notes} />
      </label>
    </div>
  );
}
