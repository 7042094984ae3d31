import { openScope } from "../math/scope.ts";
import type { Architecture } from "../nn/architecture.ts";
import type { Final, TrainingEvent } from "../record/event.ts";
import type { Bench } from "./bench.ts";
import { createEvaluator, type StopSignal } from "./evaluate.ts";
import { choiceOf, type Measured, type Member } from "./member.ts";
import { noticesAtEnd } from "./notices.ts";
import type { Plan } from "./plan.ts";
import { createNetworkState, learnedOf, valuesOf, writeMembers } from "./state.ts";
import { type Weights, weightsSha256 } from "./weights.ts";

/** The weights that a member hands over: those of its last update, or its best ones. */
export function handedOver(member: Member, architecture: Architecture, tensors = member.ended?.tensors): Weights {
  const chosen = choiceOf(member) === undefined ? undefined : member.best?.weights;
  return learnedOf(architecture, chosen ?? tensors ?? {});
}

/**
 * Measures what members ended with on every set, and says so. They are measured beside each other alone: what they are
 * is what they would be without those that go on. Where `signal` cuts that short nothing is said: it will be when they are
 * resumed.
 */
export async function* finish(
  bench: Bench,
  plan: Plan,
  members: readonly Member[], // that have ended
  signal: StopSignal | undefined,
): AsyncGenerator<TrainingEvent> {
  if (members.length === 0) return;
  const scope = openScope(bench.device);
  try {
    const { device } = scope;
    const architecture = { ...plan.architecture, members: members.length };
    const state = createNetworkState(device, architecture);
    const weights = members.map((member) => handedOver(member, architecture));
    writeMembers(device, state.learned, weights.map(valuesOf));
    const evaluator = createEvaluator(device, architecture, bench, state.averages);
    const lambda = Float64Array.from(members, ({ spec }) => spec.training.lambda);
    const isAdaptive = architecture.batchNorm?.statistics === "adaptive";
    const measure = async (images: Bench["train"]) => {
      if (isAdaptive && !evaluator.findStatistics(state.parameters, images, signal)) return undefined;
      return await evaluator.measure(state.parameters, images, lambda, signal);
    };
    const known = members.map(measuredAtEnd);
    const isKnown = known.every((measured) => measured !== undefined);
    const train = isKnown ? known.map((measured) => measured.train) : await measure(bench.train);
    const validation = isKnown ? known.map((measured) => measured.validation) : await measure(bench.validation);
    const hasTest = members[0].spec.evaluate.test;
    const test = hasTest ? await measure(bench.test()) : undefined;
    if (train === undefined || validation === undefined || (hasTest && test === undefined)) return;
    for (const [slot, member] of members.entries()) {
      const { place, ended, ending } = member;
      const step = ended?.step ?? 0;
      const final: Final = { train: train[slot], validation: validation[slot], ...(test && { test: test[slot] }) };
      const best = choiceOf(member);
      for (const notice of noticesAtEnd(member, bench.data.train, plan, final)) {
        yield { kind: "noticed", member: place, step, notice };
      }
      yield {
        kind: "finished",
        member: place,
        step,
        final,
        ...(ending === "patience" || ending === "retired" ? { early: ending } : {}),
        ...(best === undefined ? {} : { best }),
        weightsSha256: await weightsSha256(weights[slot]),
      };
    }
  } finally {
    scope.free();
  }
}

/** What is already known of the weights that a member hands over. */
function measuredAtEnd(member: Member): Measured | undefined {
  if (choiceOf(member) !== undefined) return member.best;
  return member.measured?.step === member.ended?.step ? member.measured : undefined;
}
