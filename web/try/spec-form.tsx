import type { SpecInput } from "../../src/record/spec.ts";
import { useAnswer } from "../answer.ts";
import { Field, type Schema } from "../form-field.tsx";
import { changeSpec } from "../spec-changes.ts";
import { look } from "./looker.ts";
import { deviceChoices } from "./page-spec.ts";

/** What a page has no use for: its files are picked, and stand in the spec by their names. */
function withoutDataset(data: Schema = {}): Schema {
  return {
    ...data,
    properties: Object.fromEntries(Object.entries(data.properties ?? {}).filter(([key]) => key !== "dataset")),
  };
}

const device: Schema = { type: "string", enum: deviceChoices };

/** The settings, by the spec's own schema. */
export function SpecForm({ spec }: { readonly spec: SpecInput }) {
  const schema = useAnswer("schema", () => look({ kind: "schema" })).value;
  if (schema === undefined) return null;
  const { data, evaluate, network, training, seed, name, dtype } = schema.properties ?? {};
  const field = (path: keyof SpecInput, of: Schema | undefined) =>
    of === undefined ? null : <Field key={path} path={path} schema={of} value={spec[path]} change={changeSpec} />;
  return (
    <form class="spec" onSubmit={(event) => event.preventDefault()}>
      {field("network", network)}
      {field("training", training)}
      <details class="more">
        <summary>Split, preprocessing, augmentation, measurements, seed, device</summary>
        <div class="spec">
          {field("data", withoutDataset(data))}
          {field("evaluate", evaluate)}
          {field("name", name)}
          {field("seed", seed)}
          {field("device", device)}
          {field("dtype", dtype)}
        </div>
      </details>
    </form>
  );
}
