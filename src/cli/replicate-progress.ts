import type { Place } from "../lab/run-study.ts";
import { cifar10TrainingImages } from "../lab/training-images.ts";
import { cycleLength } from "../record/cycle.ts";
import type { TrainingEvent } from "../record/event.ts";
import type { RunState } from "../record/fold.ts";
import type { Spec } from "../record/spec.ts";
import type { Task } from "../worker/pack.ts";
import type { Console } from "./console.ts";
import { duration } from "./training-progress.ts";

/** Shows which of the populations is being trained, how far it is, and the time left. */
export function replicationProgress(console: Console, clock: () => number = performance.now.bind(performance)) {
  const began = clock();
  return (event: TrainingEvent, [run]: readonly RunState[], { packs, index, link }: Place): void => {
    if (event.kind !== "progress") return;
    const tasks = packs[index];
    const [{ chain }] = tasks;
    const before = packs.slice(0, index).flat();
    const done = workOf(before) + (workOf(tasks) * (link + event.step / run.steps)) / chain.length;
    const left = ((clock() - began) / 1000) * (workOf(packs.flat()) / done - 1);
    const others = tasks.length > 1 ? ` and ${tasks.length - 1} more` : "";
    const name = `${chain[link].name}${others}${chain.length > 1 ? `, link ${link + 1}` : ""}`;
    const parts = [`population ${index + 1}/${packs.length}: ${name}`, `step ${event.step}/${run.steps}`];
    console.progress([...parts, `${duration(left)} left`], `population ${index} link ${link}`);
  };
}

function workOf(tasks: readonly Task[]): number {
  return tasks.reduce((sum, { chain }) => sum + chain.length * roughWork(chain[0]), 0);
}

/** Updates of a training and the images it measures, times the nodes of its first layer: about in proportion to its time. */
function roughWork(spec: Spec): number {
  const { network, training } = spec;
  const { steps, epochs = 0, cycles = 0, batch } = training;
  const epoch = cifar10TrainingImages(spec) / batch;
  const cycle = cycleLength(training) ?? 0;
  return (steps ?? epochs * epoch + cycles * cycle) * (20 + (network.hidden[0] ?? 10));
}
