import { expect, test } from "vitest";
import { stream } from "../math/random/stream.ts";
import { goOn, isGoingOn, reached } from "./asynchronous-halving.ts";
import type { SearchInput } from "./search-document.ts";
import { createStudy, type Study } from "./study.ts";
import { decodeStudyEvent, encodeStudyEvent } from "./study-event.ts";
import { foldStudy, type Trial, trialState } from "./study-state.ts";

test("who is among the best 1/eta of all so far goes on, one at least; who comes together is compared together", () => {
  expect([...goOn([{ trial: 0, value: 0.1 }], [], 3)]).toEqual([0]);
  expect([...goOn([{ trial: 1, value: 0.2 }], [0.1], 3)]).toEqual([1]);
  expect([...goOn([{ trial: 2, value: 0.1 }], [0.1, 0.2], 3)]).toEqual([]);
  const six = [0.5, 0.7, 0.6, 0.9, 0.1, 0.2].map((value, trial) => ({ trial, value }));
  expect([...goOn(six, [], 3)]).toEqual([1, 3]);
  expect([...goOn(six, [0.8, 0.85, 0.3], 3)]).toEqual([3]);
  // Equal ones: who came first, of those together the earlier trial.
  expect([
    ...goOn(
      [4, 5].map((trial) => ({ trial, value: 0.5 })),
      [],
      2,
    ),
  ]).toEqual([4]);
  expect([...goOn([{ trial: 6, value: Number.NaN }], [], 3)]).toEqual([]);
});

const search: SearchInput = {
  spec: { training: { steps: 90, schedule: { kind: "constant", rate: 0.01 } } },
  vary: { "training.lambda": { kind: "log", low: 1e-5, high: 0.1 } },
  stages: [{ sampler: { kind: "random", trials: 40 } }],
  pruner: { kind: "asynchronous-successive-halving", first: 10, eta: 3 },
};
const value = (trial: Trial, step: number) => Number(trial.setting["training.lambda"]) * 5 + step / 1000;

/** Trains `workers` trials at a time, each a part at a turn that chance decides, as machines of unlike speed would. */
function search40(study: Study, workers: number, seed: number): Map<number, number> {
  const asked = study.ask();
  const steps = new Map<number, number>();
  const running: Trial[] = [];
  const chance = stream(seed, "turns").uniform(0, 1, 10_000);
  for (let turn = 0; ; turn++) {
    while (running.length < workers) {
      const { value: trial } = asked.next();
      if (trial === undefined) break;
      running.push(trial);
    }
    if (running.length === 0) return steps;
    const at = Math.floor(chance[turn] * running.length);
    const trial = running[at];
    const step = (steps.get(trial.number) ?? 0) + 10;
    steps.set(trial.number, step);
    const goesOn = step === 90 || study.report(trial, step, value(trial, step));
    if (goesOn && step < 90) continue;
    running.splice(at, 1);
    study.tell(trial, { seed: 0, state: goesOn ? "finished" : "pruned", accuracy: value(trial, step) });
  }
}

test("a study takes results in any order: few trials reach the end, the best among them, and nobody waits", () => {
  for (const [workers, seed] of [
    [1, 1],
    [7, 2],
    [40, 3],
  ]) {
    const study = createStudy(search);
    const steps = search40(study, workers, seed);
    const { trials, document } = study.state();
    const best = trials.reduce((a, b) => (value(b, 0) > value(a, 0) ? b : a));
    expect(trialState(best, document)).toBe("finished");
    const spent = [...steps.values()].reduce((sum, step) => sum + step, 0);
    expect(spent).toBeLessThan(0.5 * 40 * 90);
    // The log alone says the same.
    const texts = study.events.map(encodeStudyEvent);
    const again = createStudy(
      search,
      texts.map((text) => decodeStudyEvent(text, "log")),
    );
    expect(again.state()).toEqual(study.state());
  }
});

test("what was decided stands: a trial that is trained again is told the same, though better ones came meanwhile", () => {
  const study = createStudy(search);
  const asked = study.ask();
  const [first, second] = [asked.next().value as Trial, asked.next().value as Trial];
  expect(study.report(first, 10, 0.2)).toBe(true);
  expect(study.report(second, 10, 0.9)).toBe(true);
  expect(study.report(first, 10, 0.2)).toBe(true);
  const state = foldStudy(study.state(), { kind: "reached", trial: 0, rung: 10, accuracy: 0.2, goesOn: false });
  expect(isGoingOn(state, 0, 10)).toBe(true);
  // Ended at 30 before its process was killed: trained again it ends there, and not at 10.
  const ended = foldStudy(state, { kind: "reached", trial: 0, rung: 30, accuracy: 0.2, goesOn: false });
  expect([10, 20, 30].map((step) => isGoingOn(ended, 0, step))).toEqual([true, true, false]);
  expect(reached(state, [{ trial: 0, value: 0.2 }], 10, 3)).toEqual([]);
});

test("a pruner that compares trials side by side refuses to be asked of one", () => {
  const study = createStudy({ ...search, pruner: { kind: "successive-halving", first: 10 } });
  const trial = study.ask().next().value as Trial;
  expect(() => study.report(trial, 10, 0.5)).toThrow(RangeError);
});
