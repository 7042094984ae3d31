import { address, link } from "./address.ts";
import { wish } from "./ask.ts";
import { BeginForm } from "./begin-form.tsx";
import { Field, type Schema } from "./form-field.tsx";
import { runNamed } from "./lab.ts";
import { useLoaded } from "./load.ts";
import { changeSpec, changesOf, withChanges } from "./spec-changes.ts";

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
  if (schema === undefined || base === undefined) return <h1>New run</h1>;
  const spec = withChanges(base, changesOf(choices));
  const begin = async () => {
    const path = fork === undefined ? "/api/runs" : `/api/runs/${encodeURIComponent(fork)}/fork`;
    const answer = await wish<{ run: string }>(path, { spec });
    return answer && link("run", answer.run);
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
      <BeginForm
        button={fork === undefined ? "Start training" : "Start the fork"}
        begin={begin}
        document={spec}
        name="spec"
        summary="The spec as it will be trained"
      >
        {Object.entries(schema.properties ?? {}).map(([key, inner]) => (
          <Field
            key={key}
            path={key}
            schema={inner}
            value={(spec as Record<string, unknown>)[key]}
            change={changeSpec}
          />
        ))}
      </BeginForm>
    </>
  );
}
