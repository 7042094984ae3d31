import { identityOf } from "../experiments/identity.ts";
import type { GradientCheck } from "../gradcheck/verdict.ts";
import { learningRate } from "../optim/schedule.ts";
import { curves } from "../plot/curves.ts";
import type { Rate } from "../plot/run-lines.ts";
import type { RunDocument } from "../record/run-document.ts";
import { htmlReport, type ReportMaterial } from "../report/html-report.ts";

/** The report of one run as an HTML file, with its schedule drawn update by update. */
export function runReport(run: RunDocument, gradients?: GradientCheck): string {
  return htmlReport(reportMaterial(run, gradients));
}

/** What a report of one run is made of, in whatever format. */
export function reportMaterial(run: RunDocument, gradients?: GradientCheck): ReportMaterial {
  const experiment = identityOf(run)?.experiment;
  return {
    run,
    rates: ratesOf(run),
    ...(experiment === undefined ? {} : { experiment }),
    ...(gradients === undefined ? {} : { gradients }),
  };
}

/** The accuracy curves of one run, as SVG. */
export function runFigure(run: RunDocument): string {
  const { series, stepsPerEpoch, spec } = run;
  const title = `accuracy of ${spec.name} against update step`;
  return curves({ series, metric: "accuracy", id: "accuracy", title, stepsPerEpoch, rates: ratesOf(run) });
}

/** The learning rate of every update. */
export function ratesOf({ spec, steps, stepsPerEpoch }: RunDocument): Rate[] {
  return Array.from({ length: steps }, (_, step) => ({
    step,
    learningRate: learningRate(spec.training.schedule, step, { steps, stepsPerEpoch }),
  }));
}
