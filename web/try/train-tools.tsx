import type { Spec } from "../../src/record/spec.ts";
import type { PickedFiles } from "./image-source.ts";
import { pause, stop, train, training } from "./training.ts";

interface TrainToolsProps {
  readonly spec: Spec | undefined;
  readonly picked: PickedFiles;
}

// Milliseconds at every 20 updates.
const speeds = [
  { name: "as fast as it goes", pause: 0 },
  { name: "to watch", pause: 40 },
  { name: "slowly", pause: 250 },
];

/** Begins, stops and goes on. */
export function TrainTools({ spec, picked }: TrainToolsProps) {
  const now = training.value;
  const isGoing = now !== undefined && ["beginning", "running", "stopping"].includes(now.state);
  const isSame = now !== undefined && JSON.stringify(now.spec) === JSON.stringify(spec) && now.picked === picked;
  const { step = 0, steps = 1 } = now?.run ?? {};
  return (
    <>
      <div class="tools">
        {isGoing ? (
          <button type="button" class="main" disabled={now.state === "stopping"} onClick={stop}>
            Stop
          </button>
        ) : (
          <button
            type="button"
            class="main"
            disabled={spec === undefined}
            onClick={() => spec && void train(spec, picked)}
          >
            {now === undefined ? "Train" : "Train anew"}
          </button>
        )}
        {now?.state === "stopped" && isSame && now.seen !== undefined ? (
          <button type="button" class="main" onClick={() => void train(now.spec, now.picked, now)}>
            Go on
          </button>
        ) : null}
        <label class="speed">
          Speed{" "}
          <select
            value={pause.value}
            onChange={({ currentTarget }) => {
              pause.value = Number(currentTarget.value);
            }}
          >
            {speeds.map((speed) => (
              <option key={speed.pause} value={speed.pause}>
                {speed.name}
              </option>
            ))}
          </select>
        </label>
      </div>
      {now === undefined ? null : (
        <p class="running" role="status">
          <progress max={steps} value={step} aria-label="updates made" /> {now.state}, update{" "}
          {step.toLocaleString("en-US")} of {steps.toLocaleString("en-US")}
          {isSame ? "" : "; the settings have been changed since"}
        </p>
      )}
    </>
  );
}
