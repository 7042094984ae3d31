import { published000E1 } from "./000-e1.ts";
import { published000E2 } from "./000-e2.ts";
import { published000E3 } from "./000-e3.ts";
import { published000E4 } from "./000-e4.ts";
import { published000E5 } from "./000-e5.ts";
import { published000E6 } from "./000-e6.ts";
import { published000E7 } from "./000-e7.ts";
import { published000E8 } from "./000-e8.ts";
import { published000E9 } from "./000-e9.ts";
import { published001E1 } from "./001-e1.ts";
import { published001E2 } from "./001-e2.ts";
import { published001E3 } from "./001-e3.ts";
import { published001E4 } from "./001-e4.ts";
import { published001E5 } from "./001-e5.ts";
import { published001E6 } from "./001-e6.ts";
import { published002E1 } from "./002-e1.ts";
import { published002E2 } from "./002-e2.ts";
import { published002E3 } from "./002-e3.ts";
import { published002E4 } from "./002-e4.ts";
import { published002E5 } from "./002-e5.ts";
import { published002E6 } from "./002-e6.ts";
import { published002E7 } from "./002-e7.ts";
import { published002E8 } from "./002-e8.ts";
import { published002E9 } from "./002-e9.ts";
import { published002E10 } from "./002-e10.ts";
import { published002E11 } from "./002-e11.ts";
import { published003E1 } from "./003-e1.ts";
import { published003E2 } from "./003-e2.ts";
import { published003E3 } from "./003-e3.ts";
import { published003E4 } from "./003-e4.ts";
import { published003E5 } from "./003-e5.ts";
import { published004E1 } from "./004-e1.ts";
import { experiment004E2, published004E2 } from "./004-e2.ts";
import { published004E3 } from "./004-e3.ts";
import { published004E4 } from "./004-e4.ts";
import { published004E5 } from "./004-e5.ts";
import { published004E6 } from "./004-e6.ts";
import type { Experiment, Published } from "./experiment.ts";

/** All 37 experiments of the five reports, in their order. */
export const published: readonly Published[] = [
  published000E1,
  published000E2,
  published000E3,
  published000E4,
  published000E5,
  published000E6,
  published000E7,
  published000E8,
  published000E9,
  published001E1,
  published001E2,
  published001E3,
  published001E4,
  published001E5,
  published001E6,
  published002E1,
  published002E2,
  published002E3,
  published002E4,
  published002E5,
  published002E6,
  published002E7,
  published002E8,
  published002E9,
  published002E10,
  published002E11,
  published003E1,
  published003E2,
  published003E3,
  published003E4,
  published003E5,
  published004E1,
  published004E2,
  published004E3,
  published004E4,
  published004E5,
  published004E6,
];

/** Those that are one training, by the protocol as it was intended: what `gradus train ID` trains. */
export const experiments: readonly Experiment[] = published.flatMap(({ id, title, unstated, variants: [variant] }) => {
  if (id === experiment004E2.id) return [experiment004E2];
  return variant.kind === "training" ? [{ id, title, unstated, spec: variant.spec, numbers: variant.numbers }] : [];
});

/** The experiment named `id`, in any case; undefined when there is none. */
export function findPublished(id: string): Published | undefined {
  return published.find((experiment) => experiment.id.toLowerCase() === id.toLowerCase());
}

/** The training named `id`, in any case; undefined when there is none. */
export function findExperiment(id: string): Experiment | undefined {
  return experiments.find((experiment) => experiment.id.toLowerCase() === id.toLowerCase());
}
