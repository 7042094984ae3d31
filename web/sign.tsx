const paths = {
  running: "M3 2l8 4-8 4z",
  finished: "M2 6.5l3 3 5-7",
  diverged: "M2.5 2.5l7 7m0-7l-7 7",
  interrupted: "M4 2.5v7m4-7v7",
  failed: "M6 2v5m0 2v1",
  up: "M3 7l3-4 3 4",
  down: "M3 5l3 4 3-4",
} as const;

/** A small sign beside a word that says the same: drawn, for not every font has it. */
export function Sign({ name }: { readonly name: keyof typeof paths }) {
  return (
    <svg class={`sign ${name}`} viewBox="0 0 12 12" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
