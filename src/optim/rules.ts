import { adagrad } from "./adagrad.ts";
import { adam, adamW } from "./adam.ts";
import { clipped } from "./clip.ts";
import { momentum } from "./momentum.ts";
import { nesterov } from "./nesterov.ts";
import { rmsProp } from "./rmsprop.ts";
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
  nesterov: { create: nesterov, state: ["velocity"], shared: [] },
  adam: { create: adam, state: ["firstMoment", "secondMoment"], shared: [] },
  adamw: { create: adamW, state: ["firstMoment", "secondMoment"], shared: [] },
  adagrad: { create: adagrad, state: ["squares"], shared: [] },
  rmsprop: { create: rmsProp, state: ["squares"], shared: [] },
};

/** The rule of a population. The members' rules are of one kind and agree in what is shared; their numbers may differ. */
export function createUpdate<K extends Kind>(
  setting: UpdateSetting,
  descriptions: readonly OfKind<K>[], // one a member
  clip: readonly (number | undefined)[] = [], // the largest norm of a member's gradient; of all members, or of none
): Update {
  const rule = rules[descriptions[0].kind as K].create(setting, descriptions);
  const limits = clip.flatMap((limit) => limit ?? []);
  return limits.length === 0 ? rule : clipped(rule, setting, Float64Array.from(limits));
}

/** What runs have in common that can take their steps side by side. */
export function sharedSettings<K extends Kind>(description: OfKind<K>): readonly unknown[] {
  return [description.kind, ...rules[description.kind as K].shared.map((key) => description[key])];
}

/** The prefixes of what a rule keeps from step to step. */
export function statePrefixes({ kind }: UpdateDescription): readonly string[] {
  return rules[kind].state;
}
