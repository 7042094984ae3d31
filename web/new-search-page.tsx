import { leaves } from "../src/record/spec-difference.ts";
import { address, choose, link } from "./address.ts";
import { wish } from "./ask.ts";
import { BeginForm } from "./begin-form.tsx";
import { useDraft } from "./draft.ts";
import { runNamed } from "./lab.ts";
import { useLoaded } from "./load.ts";

/** A key that is varied, as the form has it. */
interface Varied {
  readonly path: string;
  readonly kind: "log" | "uniform" | "integer" | "choice";
  /** Low and high, or the choices, as they are typed. */
  readonly text: string;
}

const first: Varied = { path: "training.lambda", kind: "log", text: "0.00001, 0.1" };

/** Words of the address, and what each is where it is not there. */
const defaults = {
  name: "search",
  experiment: "004-E2",
  sampler: "random",
  trials: "8",
  refine: "",
  seeds: "1",
  pruner: "none",
};

/** A search, described: what is varied, how it is sampled, and whether it is refined. All of it stands in the address. */
export function NewSearchPage() {
  const { choices } = address.value;
  const word = (key: keyof typeof defaults) => choices.get(key) ?? defaults[key];
  const from = choices.get("from") ?? undefined;
  const published =
    useLoaded<readonly { readonly id: string; readonly kind: string }[]>("/api/experiments").value ?? [];
  const experiment = useLoaded<{ spec?: unknown }>(
    from === undefined ? `/api/experiments/${encodeURIComponent(word("experiment"))}` : undefined,
  ).value;
  const spec = from === undefined ? experiment?.spec : runNamed(from)?.spec;
  const varied = variedOf(choices.get("vary"));
  const change = (next: readonly Varied[]) => choose({ vary: JSON.stringify(next) });
  const search = searchOf(word, spec, varied);
  const begin = async () => {
    const answer = await wish<{ study: string }>("/api/studies", { search });
    return answer && link("search", answer.study);
  };
  const paths = spec === undefined ? [] : [...leaves(spec).keys()];
  return (
    <>
      <h1>New search</h1>
      <BeginForm
        tools={
          <button
            type="button"
            onClick={() => change([...varied, { path: "training.schedule.rate", kind: "log", text: "0.001, 0.1" }])}
          >
            Vary another key
          </button>
        }
        button="Start the search"
        isReady={spec !== undefined}
        begin={begin}
        document={search}
        name="search"
        summary="The search as it will be begun"
      >
        <Text name="name" label="name" value={word("name")} />
        {from === undefined ? (
          <label>
            published training
            <select
              value={word("experiment")}
              onChange={({ currentTarget }) => choose({ experiment: currentTarget.value })}
            >
              {published
                .filter(({ kind }) => kind === "training")
                .map(({ id }) => (
                  <option key={id}>{id}</option>
                ))}
            </select>
          </label>
        ) : (
          <p>
            Around the settings of <a href={link("run", from)}>{from}</a>.
          </p>
        )}
        <datalist id="paths">
          {paths.map((path) => (
            <option key={path} value={path} />
          ))}
        </datalist>
        {varied.map((each, index) => (
          <VariedField
            key={index}
            varied={each}
            number={index + 1}
            change={(next) => change(varied.map((other, at) => (at === index ? next : other)))}
            remove={varied.length === 1 ? undefined : () => change(varied.filter((_, at) => at !== index))}
          />
        ))}
        <fieldset>
          <legend>how</legend>
          <Select
            name="sampler"
            label="sampler"
            value={word("sampler")}
            options={["grid", "random", "sobol", "tpe", "gaussian-process", "cma-es"]}
          />
          <Text
            name="trials"
            label={word("sampler") === "grid" ? "values of each range" : "trials"}
            value={word("trials")}
          />
          <Text name="refine" label="then so many around the best" value={word("refine")} placeholder="none" />
          <Text name="seeds" label="seeds of each setting" value={word("seeds")} />
          <Select name="pruner" label="pruner" value={word("pruner")} options={["none", "median"]} />
        </fieldset>
      </BeginForm>
    </>
  );
}

interface VariedFieldProps {
  readonly varied: Varied;
  readonly number: number;
  readonly change: (varied: Varied) => void;
  readonly remove: (() => void) | undefined;
}

function VariedField({ varied, number, change, remove }: VariedFieldProps) {
  const path = useDraft(varied.path, (written) => change({ ...varied, path: written }));
  const text = useDraft(varied.text, (written) => change({ ...varied, text: written }));
  return (
    <fieldset>
      <legend>vary {number}</legend>
      <label>
        key
        <input type="text" list="paths" spellcheck={false} {...path} />
      </label>
      <label>
        scale
        <select
          value={varied.kind}
          onChange={({ currentTarget }) => change({ ...varied, kind: currentTarget.value as Varied["kind"] })}
        >
          {["log", "uniform", "integer", "choice"].map((kind) => (
            <option key={kind}>{kind}</option>
          ))}
        </select>
      </label>
      <label>
        {varied.kind === "choice" ? "values" : "from, to"}
        <input type="text" spellcheck={false} {...text} />
      </label>
      {remove === undefined ? null : (
        <button type="button" onClick={remove}>
          Do not vary it
        </button>
      )}
    </fieldset>
  );
}

interface WordProps {
  readonly name: keyof typeof defaults;
  readonly label: string;
  readonly value: string;
}

function Text({ name, label, value, placeholder }: WordProps & { readonly placeholder?: string }) {
  const draft = useDraft(value, (written) => choose({ [name]: written }));
  return (
    <label>
      {label}
      <input type="text" spellcheck={false} placeholder={placeholder} {...draft} />
    </label>
  );
}

function Select({ name, label, value, options }: WordProps & { readonly options: readonly string[] }) {
  return (
    <label>
      {label}
      <select value={value} onChange={({ currentTarget }) => choose({ [name]: currentTarget.value })}>
        {options.map((option) => (
          <option key={option}>{option}</option>
        ))}
      </select>
    </label>
  );
}

function variedOf(text: string | null): readonly Varied[] {
  try {
    const parsed: unknown = JSON.parse(text ?? "");
    if (Array.isArray(parsed) && parsed.length > 0) return parsed.map((each) => ({ ...first, ...each }));
  } catch {
    // What somebody typed into the address: the form begins anew.
  }
  return [first];
}

/** The document of a search, as the server takes it; what is wrong with it, the server says. */
function searchOf(word: (key: keyof typeof defaults) => string, spec: unknown, varied: readonly Varied[]) {
  const [sampler, trials, refine] = [word("sampler"), Number(word("trials")), word("refine").trim()];
  const pruner = word("pruner");
  return {
    name: word("name"),
    spec,
    vary: Object.fromEntries(varied.map((each) => [each.path, dimensionOf(each)])),
    stages: [
      sampler === "grid" ? { sampler: { kind: sampler }, count: trials } : { sampler: { kind: sampler, trials } },
      ...(refine === "" ? [] : [{ sampler: { kind: "random", trials: Number(refine) }, narrow: { rule: "top" } }]),
    ],
    seeds: Number(word("seeds")),
    ...(pruner === "none" ? {} : { pruner: { kind: pruner } }),
  };
}

function dimensionOf({ kind, text }: Varied) {
  const values = valuesIn(text);
  if (kind === "choice") return { kind, values };
  const [low, high] = values;
  return { kind, low, high };
}

/** `1e-5, 0.1` or JSON. */
function valuesIn(text: string): unknown[] {
  try {
    const parsed: unknown = JSON.parse(text.trim().startsWith("[") ? text : `[${text}]`);
    return Array.isArray(parsed) ? parsed : [parsed];
  } catch {
    return text.split(",").map((each) => each.trim());
  }
}
