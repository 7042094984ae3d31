import type { Spec } from "../record/spec.ts";
import { leaves } from "../record/spec-difference.ts";
import { settingName, settingValue } from "./setting-names.ts";
import type { TextTable } from "./text-table.ts";

/** What says nothing to a reader of a report. */
const unsaid =
  /^(name|seed|random|device|dtype|evaluate\.|data\.limit\.|data\.orderSeed|network\.batchNorm\.eps|training\.schedule\.start)/;

/** The settings that all runs have: those of a spec but what varies. */
export function commonSettings(
  spec: Spec,
  varies: (path: string) => boolean,
  more: readonly (readonly [name: string, value: string])[] = [],
): TextTable {
  const common = [...leaves(spec)].filter(([path]) => !varies(path) && !unsaid.test(path));
  const rows = [...common.map(([path, value]) => [settingName(path), settingValue(path, value)]), ...more];
  return {
    caption: "What is common",
    columns: [
      { header: "setting", kind: "text" },
      { header: "value", kind: "text" },
    ],
    groups: [{ rows: rows.map((cells) => ({ cells })) }],
    notes: [],
    explanations: [],
  };
}
