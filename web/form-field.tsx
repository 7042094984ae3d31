import { useDraft } from "./draft.ts";
import { Tick } from "./tick.tsx";

/** JSON Schema, as much of it as a spec's has. */
export interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

interface FieldProps {
  /** As `--set` takes it. */
  readonly path: string;
  readonly schema: Schema;
  /** Undefined takes the default. */
  readonly value: unknown;
  /** Whether it can be left out, and means something else than its defaults then. */
  readonly isOptional?: boolean;
  readonly change: (path: string, value: unknown) => void;
}

/** The field of a key, whatever the schema says that it holds. */
export function Field(props: FieldProps) {
  const { path, schema, value, change } = props;
  const options = schema.oneOf ?? schema.anyOf;
  if (options?.every((option) => kindOf(option) !== undefined)) return <KindField {...props} options={options} />;
  if (schema.type === "object") return <Group {...props} />;
  const name = path.split(".").at(-1);
  const fallback = defaultText(schema);
  if (schema.enum !== undefined || schema.type === "boolean") {
    const choices = schema.enum ?? [true, false];
    return (
      <label>
        {name}
        <select
          value={value === undefined ? "" : JSON.stringify(value)}
          onChange={({ currentTarget }) => change(path, fromText(currentTarget.value))}
        >
          <option value="">{fallback === "" ? "none" : `default: ${fallback}`}</option>
          {choices.map((choice) => (
            <option key={String(choice)} value={JSON.stringify(choice)}>
              {String(choice)}
            </option>
          ))}
        </select>
      </label>
    );
  }
  return <TextField {...props} name={name ?? path} placeholder={fallback === "" ? placeholderOf(schema) : fallback} />;
}

interface TextFieldProps extends FieldProps {
  readonly name: string;
  readonly placeholder: string;
}

function TextField({ path, schema, value, change, name, placeholder }: TextFieldProps) {
  const isText = schema.type === "string";
  const text = value === undefined ? "" : isText ? String(value) : textOf(value);
  const draft = useDraft(text, (written) =>
    change(path, written.trim() === "" ? undefined : isText ? written : valueIn(written, schema)),
  );
  return (
    <label>
      {name}
      <input
        type="text"
        spellcheck={false}
        inputMode={schema.type === "number" || schema.type === "integer" ? "decimal" : undefined}
        placeholder={placeholder}
        {...draft}
      />
    </label>
  );
}

function Group({ path, schema: { properties = {}, required = [] }, value, isOptional = false, change }: FieldProps) {
  const inner = (typeof value === "object" && value !== null ? value : {}) as Readonly<Record<string, unknown>>;
  const isGroup = ({ type, oneOf }: Schema) => type === "object" || oneOf !== undefined;
  // Single fields first, then what has fields of its own.
  const fields = Object.entries(properties).toSorted(([, a], [, b]) => Number(isGroup(a)) - Number(isGroup(b)));
  const isOn = !isOptional || value !== undefined;
  return (
    <fieldset>
      <legend>{path}</legend>
      {isOptional ? (
        <Tick checked={isOn} onTick={(isTicked) => change(path, isTicked ? {} : undefined)}>
          {isOn ? "on" : "off"}
        </Tick>
      ) : null}
      {isOn
        ? fields.map(([key, schema]) => (
            <Field
              key={key}
              path={`${path}.${key}`}
              schema={schema}
              value={inner[key]}
              isOptional={schema.default === undefined && !required.includes(key)}
              change={change}
            />
          ))
        : null}
    </fieldset>
  );
}

/** What comes in kinds, each with settings of its own. */
function KindField({ path, schema, value, change, options }: FieldProps & { readonly options: readonly Schema[] }) {
  const chosen = (value as { kind?: string } | undefined)?.kind;
  const fallback = (schema.default as { kind?: string } | undefined)?.kind;
  const option = options.find((each) => kindOf(each) === chosen);
  const settings = Object.entries(option?.properties ?? {}).filter(([key]) => key !== "kind");
  const inner = (value ?? {}) as Readonly<Record<string, unknown>>;
  return (
    <fieldset>
      <legend>{path}</legend>
      <label>
        kind
        <select
          value={chosen ?? ""}
          onChange={({ currentTarget }) => change(`${path}.kind`, currentTarget.value || undefined)}
        >
          {fallback === undefined && chosen !== undefined ? null : (
            <option value="">{fallback === undefined ? "none" : `default: ${fallback}`}</option>
          )}
          {options.map((each) => (
            <option key={kindOf(each)}>{kindOf(each)}</option>
          ))}
        </select>
      </label>
      {settings.map(([key, each]) => (
        <Field key={key} path={`${path}.${key}`} schema={each} value={inner[key]} change={change} />
      ))}
    </fieldset>
  );
}

function kindOf({ properties }: Schema): string | undefined {
  const kind = properties?.kind?.const;
  return typeof kind === "string" ? kind : undefined;
}

function defaultText(schema: Schema): string {
  return schema.default === undefined ? "" : textOf(schema.default);
}

function placeholderOf({ type, items, anyOf, const: only }: Schema): string {
  if (anyOf !== undefined) return anyOf.map(placeholderOf).join(" or ");
  if (only !== undefined) return String(only);
  if (type === "array") return items?.type === "integer" ? "e.g. 50, 30" : "a list";
  return type === "integer" ? "a whole number" : (type ?? "");
}

/** `[50, 30]` as `50, 30`; anything else as JSON, texts bare. */
function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  const isPlain = Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "number");
  return isPlain ? value.join(", ") : JSON.stringify(value);
}

/** What a person wrote, as JSON where it is JSON; the server says what is wrong with anything else. */
function valueIn(text: string, { type }: Schema): unknown {
  if (type === "array" && !text.trim().startsWith("[")) return fromText(`[${text}]`);
  return fromText(text);
}

function fromText(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
