import { classCounts, type Dataset } from "../data/dataset.ts";
import type { Split } from "../data/splits.ts";
import { largestOf } from "../math/extremes.ts";
import { learningRate } from "../optim/schedule.ts";
import type { Final, Notice } from "../record/event.ts";
import type { Spec } from "../record/spec.ts";
import type { Member } from "./member.ts";
import { averagesNothing, type Plan } from "./plan.ts";

/** Classes that a notice names before it counts the rest. */
const NAMED = 8;

/** How many times its first value the cost may be at the end. */
const GROWN = 10;

/** What can be known before the first update: classes that training never sees, settings that do nothing. */
export function noticesAtStart(spec: Spec, data: Split, plan: Plan): Notice[] {
  return [...readAs(spec, data.train), ...unseenClasses(data), ...withoutEffect(spec, plan)];
}

/** How images and labels were found in files of the user's own: where that is wrong, everything is. */
function readAs({ data: { dataset } }: Spec, { reading = [] }: Dataset): Notice[] {
  if (typeof dataset === "string" || reading.length === 0) return [];
  const remedy = "`gradus data info FILE` shows more; data.dataset.label, images and layout say it otherwise";
  return [{ about: "read-as", text: `read as ${reading.join("; ")}`, remedy }];
}

/** Runs that are dead: at chance from the first measurement to the last, or with a cost that grew out of all measure. */
export function noticesAtEnd(member: Member, train: Dataset, { stepsPerEpoch }: Plan, final: Final): Notice[] {
  const { firstCost, highest, ending, spec } = member;
  if (ending === "diverged") return [];
  const notices: Notice[] = [];
  const { share, name, most } = chance(train);
  const largest = Math.max(highest, final.train.accuracy);
  const isLong = (member.ended?.step ?? 0) >= stepsPerEpoch;
  // A rate range test begins with rates that are too small.
  const isTest = spec.training.schedule.kind === "ramp";
  if (isLong && !isTest && largest <= most && share < 1) {
    notices.push({
      about: "at-chance",
      text: `it learned nothing: never above ${percent(largest)} of its training images, where always answering "${name}" gives ${percent(share)}`,
      remedy: "try rates that `gradus lr-range` finds, or --set network.initialise.kind=he",
    });
  }
  if (firstCost !== undefined && final.train.cost > GROWN * firstCost) {
    const times = (final.train.cost / firstCost).toPrecision(2);
    notices.push({
      about: "cost-grew",
      text: `it ended with ${Number(times)} times the cost that it began with`,
      remedy: `try a lower rate; --set training.costLimit=${GROWN} ends such a run at once`,
    });
  }
  return notices;
}

function unseenClasses({ train, validation, test }: Split): Notice[] {
  const [trained, validated, tested] = [train, validation, test].map(classCounts);
  const unseen = train.classes.flatMap((name, at) => (trained[at] === 0 ? [{ name, at }] : []));
  if (unseen.length === 0) return [];
  const listed = unseen
    .slice(0, NAMED)
    .map(({ name, at }) => `"${name}" (0 to train on, ${validated[at]} to validate, ${tested[at]} to test)`);
  const more = unseen.length > NAMED ? `, and ${unseen.length - NAMED} more` : "";
  return [
    {
      about: "unseen-class",
      text: `training never sees ${unseen.length === 1 ? "the class" : "the classes"} ${listed.join(", ")}${more}`,
      remedy: "check the labels, or shuffle the file where its images are sorted by class",
    },
  ];
}

function withoutEffect(spec: Spec, plan: Plan): Notice[] {
  const { network, training, data } = spec;
  const { steps, stepsPerEpoch } = plan;
  const { schedule } = training;
  const none = network.hidden.length === 0;
  const rates = [0, Math.floor(steps / 2), steps - 1].map((step) => learningRate(schedule, step, plan));
  const settings: readonly (readonly [key: string, isIdle: boolean, why: string])[] = [
    ["network.batchNorm", network.batchNorm !== undefined && none, "there is no hidden layer to normalise"],
    [
      "network.batchNorm.layers",
      network.batchNorm?.layers === "all-but-last" && network.hidden.length === 1,
      "all but the last of one hidden layer are none",
    ],
    [
      "network.activation",
      network.activation !== undefined && network.activation !== "relu" && none,
      "there is no hidden layer",
    ],
    [
      "network.residual",
      network.residual === true && network.hidden.length < 2,
      "a shortcut leads from one hidden layer to the next, and there are none that follow each other",
    ],
    [
      "training.average",
      averagesNothing(spec, plan),
      `the run ends after ${steps} updates, before the first weights that it would average`,
    ],
    ["network.dropout", network.dropout > 0 && none, "there is no hidden layer whose nodes could be left out"],
    [
      "data.orderSeed",
      data.orderSeed !== undefined && data.order === "sequential",
      'the order is "sequential", the same in every epoch',
    ],
    [
      "training.schedule.factor",
      schedule.kind === "step-decay" && schedule.factor !== 1 && (schedule.every ?? stepsPerEpoch) >= steps,
      `the run ends after ${steps} updates, before the first decay`,
    ],
    [
      "training.schedule.decay",
      schedule.kind === "triangular" && (schedule.decay ?? 1) < 1 && 2 * schedule.halfCycle >= steps + schedule.start,
      `the run ends after ${steps} updates, within its first cycle`,
    ],
    ["training.schedule", rates.every((rate) => rate === 0), "its rate is 0, and nothing is learned"],
  ];
  return settings
    .filter(([, isIdle]) => isIdle)
    .map(([key, , why]) => ({
      about: "no-effect" as const,
      text: `${key} does nothing: ${why}`,
      remedy: `leave out ${key}, or change what it depends on`,
    }));
}

/** The most frequent class and its share, and what accuracy chance can still explain: two standard errors more. */
function chance(train: Dataset): { share: number; name: string; most: number } {
  const counts = classCounts(train);
  const largest = largestOf(counts);
  const share = largest / train.count;
  return {
    share,
    name: train.classes[counts.indexOf(largest)],
    most: share + 2 * Math.sqrt((share * (1 - share)) / train.count),
  };
}

function percent(part: number): string {
  return `${(100 * part).toFixed(1)} %`;
}
