import { useEffect, useState } from "preact/hooks";
import type { RunRecord } from "../src/record/run-record.ts";
import { address, choose } from "./address.ts";

/** Milliseconds that a checkpoint is shown for. */
const pause = 700;

interface TemplatesProps {
  readonly record: RunRecord;
  /** Whether the run may still bring some. */
  readonly isOpen: boolean;
}

/** The first layer's weights as pictures, checkpoint by checkpoint. */
export function Templates({ record, isOpen }: TemplatesProps) {
  const { id, checkpoints, model } = record;
  const all = [...checkpoints, ...(model === undefined ? [] : [model])];
  const [isPlaying, setPlaying] = useState(false);
  const [isPicture, setPicture] = useState(true);
  const chosen = all.findIndex(({ step }) => String(step) === address.value.choices.get("checkpoint"));
  const place = chosen < 0 ? all.length - 1 : chosen;
  const show = (next: number) => choose({ checkpoint: String(all[next].step) });
  useEffect(() => {
    if (!isPlaying) return;
    const timer = setTimeout(() => show((place + 1) % all.length), pause);
    return () => clearTimeout(timer);
  }, [isPlaying, place, all.length]);
  if (all.length === 0) {
    return <p>{isOpen ? "No weights are kept yet: the first checkpoint brings them." : "It has kept no weights."}</p>;
  }
  if (!isPicture) return <p>The inputs of this network are no 32 x 32 pictures in colour, so its weights are none.</p>;
  const { artifact, step } = all[place];
  return (
    <section>
      <h2>Weights of the first layer</h2>
      <img
        class="pixels templates"
        src={`/api/runs/${encodeURIComponent(id)}/templates/${artifact}`}
        alt={`A square for each node, scaled from its smallest weight to its largest, after update ${step}`}
        onError={() => setPicture(false)}
      />
      <div class="filters">
        {all.length === 1 ? null : (
          <>
            <button type="button" aria-pressed={isPlaying} onClick={() => setPlaying(!isPlaying)}>
              {isPlaying ? "Pause" : "Play"}
            </button>
            <label>
              Checkpoint
              <input
                type="range"
                min={0}
                max={all.length - 1}
                value={place}
                aria-valuetext={`after update ${step}`}
                onInput={({ currentTarget }) => show(Number(currentTarget.value))}
              />
            </label>
          </>
        )}
        <span>after update {step.toLocaleString("en-US")}</span>
      </div>
    </section>
  );
}
