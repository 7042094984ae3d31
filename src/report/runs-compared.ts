import { copyNotes } from "../experiments/identity.ts";
import { numberText } from "../plot/number-text.ts";
import { intervalNote, rangeText } from "./accuracy-text.ts";
import { letter } from "./group-names.ts";
import { accuracyOf, type SeedGroup } from "./seed-groups.ts";
import { settingText } from "./setting-text.ts";
import { nothing, type TextTable } from "./text-table.ts";

/** The settings that differ, and nothing else. */
export function settingsTable(groups: readonly SeedGroup[]): TextTable {
  const paths = [...(groups[0]?.settings.keys() ?? [])];
  return {
    caption: paths.length === 0 ? "No setting differs but seeds and names" : "Settings that differ",
    columns: [
      { header: "setting", kind: "text" },
      ...groups.map((_, i) => ({ header: letter(i), kind: "text" }) as const),
    ],
    groups: [
      {
        rows: paths.map((path) => ({
          cells: [path, ...groups.map(({ settings }) => settingText(settings.get(path)))],
        })),
      },
    ],
    notes: [
      ...groups.map(({ runs }, i) => `${letter(i)}: ${runs.map(({ id }) => id).join(", ")}`),
      ...copyNotes(
        groups.flatMap(({ runs }) => runs),
        ({ id }) => id,
      ),
    ],
    explanations: [],
  };
}

/** What each group came to, with 95 % intervals. */
export function comparedTable(groups: readonly SeedGroup[]): TextTable {
  const parts = (["train", "validation", "test"] as const).filter((part) =>
    groups.some((group) => accuracyOf(group, part) !== undefined),
  );
  const words = { train: "training", validation: "validation", test: "test" };
  const hasInterval = (part: (typeof parts)[number]) =>
    groups.some((group) => accuracyOf(group, part)?.low !== undefined);
  return {
    caption: "Accuracy (%)",
    columns: [
      { header: "", kind: "text" },
      { header: "seed", kind: "text" },
      { header: "state", kind: "text" },
      ...parts.flatMap((part) => [
        { header: words[part], kind: "number" } as const,
        ...(hasInterval(part) ? [{ header: "95 % interval", kind: "range" } as const] : []),
      ]),
    ],
    groups: [
      {
        rows: groups.map((group, i) => ({
          cells: [
            letter(i),
            group.sample.map(({ spec }) => spec.seed).join(", "),
            [...new Set(group.sample.map(({ state }) => state))].join(", "),
            ...parts.flatMap((part) => accuracyCells(group, part).slice(0, hasInterval(part) ? 2 : 1)),
          ],
        })),
      },
    ],
    notes: [...groups.flatMap(repeatNotes), ...intervalNotes(groups)],
    explanations: [],
  };
}

function accuracyCells(group: SeedGroup, part: "train" | "validation" | "test"): readonly string[] {
  const accuracy = accuracyOf(group, part);
  if (accuracy === undefined) return [nothing, nothing];
  const { mean, low, high } = accuracy;
  return [numberText(mean, "fraction"), low === undefined || high === undefined ? nothing : rangeText(low, high)];
}

/** Runs that are no further sample, and why. */
function repeatNotes({ repeats }: SeedGroup): readonly string[] {
  return repeats.map(({ run, of, isExact }) =>
    isExact
      ? `Not counted: ${run.id} is an exact repeat of ${of.id}, seed ${of.spec.seed}, to the last bit.`
      : `Not counted: ${run.id} has the settings and the seed ${of.spec.seed} of ${of.id}, but not its final weights.`,
  );
}

function intervalNotes(groups: readonly SeedGroup[]): readonly string[] {
  const hasSeeds = groups.some(({ sample }) => sample.length > 1);
  const hasUnfinished = groups.some(({ sample }) => sample.some(({ training }) => training?.final === undefined));
  return [
    ...(groups.some(({ sample }) => sample.length === 1) ? [intervalNote] : []),
    ...(hasSeeds
      ? ["Of several seeds: their mean, and Student's 95 % interval for it, where they differ."]
      : ["One seed each: train every setting with several seeds before one is called better."]),
    ...(hasUnfinished ? ["Not all have ended: of those, what was measured last."] : []),
  ];
}
