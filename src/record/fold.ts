import type { Best, DeviceDescription, Divergence, Early, Final, Measurement, Notice, TrainingEvent } from "./event.ts";
import { type GrowingLists, withItem } from "./growing-list.ts";
import type { Spec } from "./spec.ts";

/** Everything the events of one run said, as of the last of them. */
export interface RunState {
  readonly spec: Spec;
  readonly device: DeviceDescription;
  readonly state: "running" | "finished" | "diverged";
  readonly step: number;
  readonly steps: number;
  readonly stepsPerEpoch: number;
  readonly parameters: number;
  readonly examples: { readonly train: number; readonly validation: number; readonly test: number };
  readonly series: readonly Measurement[];
  /** What a person should know of it, and after how many updates it was said. */
  readonly notices: readonly (Notice & { readonly step: number })[];
  /** Loss of the last mini-batch heard of. */
  readonly batchLoss?: number;
  readonly learningRate?: number;
  readonly final?: Final;
  readonly weightsSha256?: string;
  readonly divergence?: Divergence;
  /** Why it ended before its length was reached, where it did not diverge. */
  readonly early?: Early;
  /** Whose weights its final numbers are, where the best was kept. */
  readonly best?: Best;
}

/** The states of a population's runs after one more event; start from []. */
export function fold(runs: readonly RunState[], event: TrainingEvent): readonly RunState[] {
  return foldOn(runs, event, new WeakSet());
}

/** The same within a longer fold, whose states but the last nobody sees: lists of its own grow in place. */
export function foldOn(runs: readonly RunState[], event: TrainingEvent, growing: GrowingLists): readonly RunState[] {
  switch (event.kind) {
    case "started": {
      const { members, device, steps, stepsPerEpoch, parameters, examples, from = 0 } = event;
      return members.map((spec, member) => ({
        spec,
        device,
        ...stateAfter(runs[member], event.from),
        step: from,
        steps,
        stepsPerEpoch,
        parameters,
        examples,
        notices: event.from === undefined ? [] : (runs[member]?.notices ?? []).filter(({ step }) => step <= from),
        series: event.from === undefined ? [] : (runs[member]?.series ?? []).filter(({ step }) => step <= from),
      }));
    }
    case "progress":
      return runs.map((run, member) =>
        run.state === "running"
          ? {
              ...run,
              step: event.step,
              batchLoss: event.loss[member],
              learningRate: event.learningRate[member],
            }
          : run,
      );
    case "measured":
      return change(runs, event.member, (run) => ({
        ...run,
        step: event.measurement.step,
        series: withItem(upTo(run.series, event.measurement.step), event.measurement, growing),
      }));
    case "noticed":
      return change(runs, event.member, (run) => ({
        ...run,
        notices: withItem(withoutNotice(run.notices, event), { ...event.notice, step: event.step }, growing),
      }));
    case "checkpoint":
      return runs;
    case "diverged":
      return change(runs, event.member, (run) => ({
        ...run,
        state: "diverged",
        step: event.divergence.step,
        divergence: event.divergence,
      }));
    case "finished":
      return change(runs, event.member, (run) => ({
        ...run,
        state: run.state === "diverged" ? "diverged" : "finished",
        step: event.step,
        final: event.final,
        weightsSha256: event.weightsSha256,
        ...(event.early === undefined ? {} : { early: event.early }),
        ...(event.best === undefined ? {} : { best: event.best }),
      }));
  }
}

/** The series without what was measured at `step`: a run that was killed after that and gone on with measures it again. */
function upTo(series: readonly Measurement[], step: number): readonly Measurement[] {
  const last = series[series.length - 1];
  return last === undefined || last.step < step ? series : series.filter((measurement) => measurement.step < step);
}

/** The same of a notice: those who go on from an update are told again what was said there. */
function withoutNotice(notices: RunState["notices"], { step, notice }: TrainingEvent & { kind: "noticed" }) {
  const isSaid = notices.some((earlier) => earlier.step === step && earlier.text === notice.text);
  return isSaid ? notices.filter((earlier) => earlier.step !== step || earlier.text !== notice.text) : notices;
}

/** Whether a run that goes on after `from` updates had diverged by then. */
function stateAfter(run: RunState | undefined, from = 0): Pick<RunState, "state" | "divergence"> {
  const divergence = run?.divergence;
  return divergence === undefined || divergence.step > from ? { state: "running" } : { state: "diverged", divergence };
}

function change(runs: readonly RunState[], member: number, to: (run: RunState) => RunState): readonly RunState[] {
  return runs.map((run, index) => (index === member ? to(run) : run));
}
