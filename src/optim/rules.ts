import { momentum } from "./momentum.ts";
import { descent } from "./sgd.ts";
import type { Update, UpdateDescription, UpdateSetting } from "./update.ts";

type Kind = UpdateDescription["kind"];
type OfKind<K extends Kind> = Extract<UpdateDescription, { kind: K }>;

/** Every rule: what it makes, what it keeps a tensor of each parameter under, and in which settings members must agree. */
const rules: {
  readonly [K in Kind]: {
    readonly create: (setting: UpdateSetting, descriptions: readonly OfKind<K>[]) => Update;
    readonly state: readonly string[];
    readonly shared: readonly (keyof OfKind<K>)[];
  };
} = {
  sgd: { create: descent, state: [], shared: [] },
  momentum: { create: momentum, state: ["velocity"], shared: ["velocities"] },
};

/** The rule of a population. The members' rules are of one kind and agree in what is shared; their numbers may differ. */
export function createUpdate<K extends Kind>(
  setting: UpdateSetting,
  descriptions: readonly OfKind<K>[], // one a member
): Update {
  return rules[descriptions[0].kind as K].create(setting, descriptions);
}

/** What runs have in common that can take their steps side by side. */
export function sharedSettings<K extends Kind>(description: OfKind<K>): readonly unknown[] {
  return [description.kind, ...rules[description.kind as K].shared.map((key) => description[key])];
}

/** The prefixes of what a rule keeps from step to step. */
export function statePrefixes({ kind }: UpdateDescription): readonly string[] {
  return rules[kind].state;
}
