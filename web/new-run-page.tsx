import { useState } from "preact/hooks";
import { address, choose, go, link } from "./address.ts";
import { wish } from "./ask.ts";
import { Field, type Schema } from "./form-field.tsx";
import { lab, runNamed } from "./lab.ts";
import { Listing } from "./listing.tsx";
import { useLoaded } from "./load.ts";
import { changesOf, withChanges } from "./spec-changes.ts";
import { stringify } from "./spec-text.ts";

/** What a form begins with where it begins from nothing: a small network on CIFAR-10. */
const beginning = {
  network: { hidden: [50] },
  training: { batch: 100, epochs: 10, schedule: { kind: "constant", rate: 0.01 } },
};

/** A run, described field by field; what is changed stands in the address. */
export function NewRunPage() {
  const { choices } = address.value;
  const [experiment, from, fork] = ["experiment", "from", "fork"].map((name) => choices.get(name) ?? undefined);
  const schema = useLoaded<Schema>("/api/spec-schema").value;
  const published = useLoaded<{ spec?: unknown }>(experiment && `/api/experiments/${encodeURIComponent(experiment)}`);
  const origin = from ?? fork;
  const base =
    origin !== undefined ? runNamed(origin)?.spec : experiment !== undefined ? published.value?.spec : beginning;
  const [isBeginning, setBeginning] = useState(false);
  if (schema === undefined || base === undefined) return <h1>New run</h1>;
  const changes = changesOf(choices);
  const spec = withChanges(base, changes);

  const change = (path: string, value: unknown) => {
    const isKind = path.endsWith(".kind");
    // Another kind has other settings.
    const above = path.slice(0, -".kind".length);
    const dropped = isKind ? Object.keys(changes).filter((key) => key.startsWith(`${above}.`)) : [];
    const next = isKind ? { [above]: { kind: value } } : { [path]: value };
    const encoded = Object.entries(next).map(([key, changed]) => [`set.${key}`, JSON.stringify(changed) ?? "null"]);
    choose({ ...Object.fromEntries(dropped.map((key) => [`set.${key}`, undefined])), ...Object.fromEntries(encoded) });
  };
  const begin = async (event: Event) => {
    event.preventDefault();
    setBeginning(true);
    const path = fork === undefined ? "/api/runs" : `/api/runs/${encodeURIComponent(fork)}/fork`;
    const answer = await wish<{ run: string }>(path, { spec });
    setBeginning(false);
    if (answer !== undefined) go(link("run", answer.run));
    else scrollTo(0, 0);
  };
  return (
    <>
      <h1>{fork === undefined ? "New run" : "Fork"}</h1>
      <p>
        {origin !== undefined ? (
          <>
            It begins with the settings of <a href={link("run", origin)}>{origin}</a>
            {fork === undefined ? "." : ", from its last checkpoint; make it longer than that run was."}
          </>
        ) : experiment !== undefined ? (
          <>
            It begins with the settings of <a href={link("experiment", experiment)}>{experiment}</a>.
          </>
        ) : (
          "Fields that are left empty take the defaults of the spec."
        )}
      </p>
      <form class="spec" onSubmit={(event) => void begin(event)}>
        {Object.entries(schema.properties ?? {}).map(([key, inner]) => (
          <Field key={key} path={key} schema={inner} value={(spec as Record<string, unknown>)[key]} change={change} />
        ))}
        <div class="tools">
          <button type="submit" class="main" disabled={isBeginning || lab.value?.isReadOnly !== false}>
            {isBeginning ? "Beginning…" : fork === undefined ? "Start training" : "Start the fork"}
          </button>
        </div>
      </form>
      <details>
        <summary>The spec as it will be trained</summary>
        <Listing name="spec" text={stringify(spec)} />
      </details>
    </>
  );
}
