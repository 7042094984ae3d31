/** How far a training is, as a bar and in words. */
export function UpdatesMade({
  step,
  steps,
  of = "",
}: {
  readonly step: number;
  readonly steps: number;
  readonly of?: string;
}) {
  return (
    <p class="running">
      <progress max={steps} value={step} aria-label="updates made" /> {of}update {step.toLocaleString("en-US")} of{" "}
      {steps.toLocaleString("en-US")}
    </p>
  );
}
