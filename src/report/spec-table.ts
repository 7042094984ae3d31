import { asChangeFlag } from "../record/misplaced-key.ts";
import { groupDescriptions, keyDescriptions, kindDescriptions } from "../record/spec-descriptions.ts";
import { plainText } from "../record/spec-json-schema.ts";
import type { SpecKey } from "../record/spec-keys.ts";
import { settingText } from "./setting-text.ts";
import type { TextTable } from "./text-table.ts";

/** Everything that is known of one key of a spec. */
export function keyExplanation({ path, kinds, allowed, standard, isGroup }: SpecKey) {
  const { meaning = groupDescriptions[path] ?? "", unit, example = [] } = keyDescriptions[path] ?? {};
  const kindTexts = kindDescriptions[path.replace(/\.kind$/, "")] ?? {};
  return {
    key: path,
    meaning: plainText(meaning),
    allowed: isGroup ? "object, whose keys are below" : plainText(allowed),
    ...(unit === undefined ? {} : { unit }),
    ...(standard.kind === "default" ? { default: standard.value } : { required: standard.kind === "required" }),
    ...(kinds.length === 0 ? {} : { ofKinds: kinds }),
    kinds: Object.fromEntries(Object.entries(kindTexts).map(([kind, text]) => [kind, plainText(text)])),
    example,
  };
}

type KeyExplanation = ReturnType<typeof keyExplanation>;

/** One key: what it is, then its kinds. */
export function keyTable({ key, meaning, allowed, unit, kinds, ofKinds, ...rest }: KeyExplanation): TextTable {
  const holder = key.slice(0, key.lastIndexOf("."));
  const rows: [string, string | undefined][] = [
    ["what it does", meaning],
    ["may be", allowed],
    ["unit", unit],
    [
      "left out",
      "default" in rest ? settingText(rest.default) : rest.required ? "refused: it must be given" : "see above",
    ],
    ["belongs to", ofKinds && `${holder} of the kind ${ofKinds.join(", ")}`],
  ];
  return {
    caption: key,
    columns: [
      { header: "what", kind: "text" },
      { header: "value", kind: "text" },
    ],
    groups: [
      { rows: rows.flatMap(([name, text]) => (text === undefined ? [] : [{ cells: [name, text] }])) },
      ...(Object.keys(kinds).length === 0
        ? []
        : [
            {
              heading: key === "data.preprocess" ? "what each means" : "its kinds",
              rows: Object.entries(kinds).map((pair) => ({ cells: pair })),
            },
          ]),
    ],
    notes: [],
    explanations: [],
  };
}

/** Keys, one a row. */
export function keysTable(caption: string, keys: readonly KeyExplanation[]): TextTable {
  return {
    caption,
    columns: [
      { header: "key", kind: "text" },
      { header: "may be", kind: "text" },
      { header: "default", kind: "text" },
      { header: "what it does", kind: "text" },
    ],
    groups: [
      {
        rows: keys.map(({ key, allowed, meaning, ...rest }) => {
          const standard = "default" in rest ? settingText(rest.default) : rest.required ? "required" : "none";
          return { cells: [key, allowed, standard, firstSentence(meaning)] };
        }),
      },
    ],
    notes: [],
    explanations: [],
  };
}

function firstSentence(text: string): string {
  return text.match(/^.*?[^.]\.(?= [A-Z"`]|$)/)?.[0] ?? text;
}

/** The changes of an example as flags. */
export function exampleFlags(changes: readonly string[]): string {
  return changes.map(asChangeFlag).join(" ");
}
