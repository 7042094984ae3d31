import { fastest, gradusDevices, type Ratios, type Row, works } from "./rows.ts";

/** What the project set itself, beside what was measured. */
export interface Aim {
  readonly aim: string;
  readonly wanted: string;
  /** In the unit of `wanted`; "not measured" where something was missing. */
  readonly reached: string;
  readonly met: boolean | null;
}

/** Most memory that was resident, in MiB, and what recording takes. */
export interface Memory {
  readonly device: string;
  /** One network on 45,000 images. */
  readonly training: number;
  /** 32 of them. */
  readonly search: number;
  /** Share of the one network's time in which the thread that records its events was busy. */
  readonly recording: number;
}

/** What a search costs beside its arithmetic; absent where it was not measured. */
export interface SearchCosts {
  /** Milliseconds of processor time until TPE has proposed after 10,000 trials. */
  readonly tpe?: number;
  /** The same until 10,000 finished trials are listed. */
  readonly list?: number;
  /** What scheduling and storing take, in percent of the trainings, of trials of one epoch. */
  readonly overhead?: number;
  /** A search of 20 lambdas, in times of one of its runs. */
  readonly lambdas?: number;
}

/** What the pages of `gradus serve` cost, and the one that trains; absent where it was not measured. */
export interface ServeCosts {
  /** Kilobytes of the site that trains, packed, without its kernels. */
  readonly site?: number;
  /** Milliseconds until the first paint, on loopback. */
  readonly paint?: number;
  /** Milliseconds until a list of 1,000 runs of 1,000 measurements is painted, a run's curves, and 50 runs compared. */
  readonly list?: number;
  readonly chart?: number;
  readonly compared?: number;
  /** Frames a second while a stretch of such a run's curves is moved. */
  readonly panning?: number;
  /** By how many percent a training is slower while five follow it, whose client is on the same processors. */
  readonly viewers?: number;
  /** The server's part of it: processor time, in percent of one, that five take who follow a run of 5,000 measurements. */
  readonly viewed?: number;
  /** A step in a page: the command line's time with one thread over the page's, and the page's over that with all threads. */
  readonly page?: number;
  readonly threads?: number;
  /** Of 200 clients of the stream of changes: what they did not hear, or heard twice, and by how many MiB the server grew. */
  readonly lost?: number;
  readonly memory?: number;
}

export function serveAims(costs: ServeCosts): Aim[] {
  const { site, paint, list, chart, compared, panning, viewers, viewed, page, threads, lost, memory } = costs;
  return [
    atMost(200, "the site that trains, packed, without its kernels", site ?? null, " kB"),
    atMost(1000, "first paint of the page of gradus serve", paint ?? null, " ms"),
    atMost(200, "1,000 runs of 1,000 measurements: the list, asked for and painted", list ?? null, " ms"),
    atMost(300, "of those, the curves of a run, asked for and painted", chart ?? null, " ms"),
    atMost(300, "of those, 50 runs compared, asked for and painted", compared ?? null, " ms"),
    atLeast(59, "of those, frames a second while curves are moved", panning ?? null),
    atMost(3, "what a training takes longer with five viewers", viewers ?? null, " %"),
    atMost(3, "five viewers of a run of 5,000 measurements: the server's processor time, of one", viewed ?? null, " %"),
    atLeast(0.85, "training in a page, times the command line's speed, one thread each", page ?? null),
    atLeast(1.6, "training in a page with all threads, times its speed with one", threads ?? null),
    atMost(0, "200 clients of the event stream for a minute: what they missed or heard twice", lost ?? null, ""),
    atMost(50, "of those, by how much the server's memory grew after ten seconds", memory ?? null, " MiB"),
  ];
}

export function searchAims({ tpe, list, overhead, lambdas }: SearchCosts): Aim[] {
  return [
    atMost(50, "TPE's next of 10,000 trials, processor time", tpe ?? null, " ms"),
    atMost(200, "10,000 finished trials read, ranked and listed, processor time", list ?? null, " ms"),
    atMost(2, "scheduling and storing of 1,000 trials of one epoch, of their time", overhead ?? null, " %"),
    atMost(12, "a search of 20 lambdas on 45,000 images, in times of one of its runs", lambdas ?? null, ""),
  ];
}

/** What a search on many machines costs beside its trainings; absent where it was not measured. */
export interface MachineCosts {
  /** Queueing, leasing and recording of two workers, in percent of trials of two seconds. */
  readonly overhead?: number;
  /** Seconds from the kill of one of two workers, both at work, until the other begins its pack. */
  readonly orphan?: number;
  /** Seconds beyond its lease until a pack whose worker died is taken again, at 95 %. */
  readonly reclaim?: number;
  /** Seconds until 10,000 trials are queued. */
  readonly queue?: number;
  /** Milliseconds of one of 100 workers' renewals, at 99 %. */
  readonly renewals?: number;
}

export function machineAims({ overhead, orphan, reclaim, queue, renewals }: MachineCosts): Aim[] {
  return [
    atMost(3, "two workers: queueing, leasing and recording, of trials of two seconds", overhead ?? null, " %"),
    atMost(30, "two workers at work, one killed: until its pack begins again", orphan ?? null, " s"),
    atMost(2, "a dead worker's pack is taken again, 95 %, after its lease", reclaim ?? null, " s"),
    atMost(5, "10,000 trials queued, each a pack", queue ?? null, " s"),
    atMost(250, "100 workers: a renewal of a lease, 99 %", renewals ?? null, " ms"),
  ];
}

/** @param replication seconds of all published experiments, once each */
export function aims(
  rows: readonly Row[],
  ratios: Ratios,
  memory?: Memory,
  replication?: number,
  search: SearchCosts = {},
  serve: ServeCosts = {},
  machines: MachineCosts = {},
): Aim[] {
  const single = fastest(rows, works.step, gradusDevices)?.device ?? "Gradus";
  const evaluated = fastest(rows, works.evaluation, gradusDevices);
  const products = rows.find(
    (row) =>
      row.what === works.evaluationProducts && row.device === evaluated?.device && row.threads === evaluated.threads,
  );
  const evaluation =
    evaluated && products ? evaluated.microsecondsPerMemberStep / products.microsecondsPerMemberStep : null;
  return [
    atLeast(2, `one run (${single}) against NumPy`, ratios.singleVsNumpy),
    atLeast(2.4, `one run (${single}) against ONNX Runtime`, ratios.singleVsOnnxRuntime),
    atLeast(2, `one run (${single}) against PyTorch`, ratios.singleVsPyTorch),
    atLeast(1.5, "one run with one thread against one thread of NumPy", ratios.oneThreadVsNumpy),
    atLeast(1.2, "one run without a BLAS (wasm) against NumPy", ratios.wasmVsNumpy),
    atLeast(12, "one run without a BLAS (wasm) against TensorFlow.js wasm", ratios.wasmVsTensorFlowJs),
    atLeast(2.3, "a search of 8 lambdas against NumPy, time per trial", ratios.searchVsNumpy),
    atLeast(0.9, "that search, of the rate of sgemm 2048", ratios.searchVsLimit),
    atLeast(0.95, "steps of 8 members, of that rate", ratios.eightVsLimit),
    atLeast(0.95, "steps of 32 members, of that rate", ratios.thirtyTwoVsLimit),
    atLeast(0.8, "wasm's whole step with one thread, of the 128-bit multiply-add peak", ratios.wasmStepVsPeak),
    atLeast(1.7, "wasm's step with all threads, times that with one", ratios.wasmThreadsVsOne),
    atLeast(0.85, "wasm's product W1 X, of the 128-bit multiply-add peak", ratios.wasmForwardVsPeak),
    atLeast(0.85, "wasm's product dS1 X^T with update, of that peak", ratios.wasmGradientVsPeak),
    atLeast(1.5, "evaluation of 10,000 images against NumPy", ratios.evaluationVsNumpy),
    atMost(1.15, "evaluation of 10,000 images, times its products alone", evaluation, ""),
    atMost(0.03, "hearing, folding and recording a run's events, of its time", memory?.recording ?? null, ""),
    atMost(381, "memory of one run with 45,000 images (400 MB)", memory?.training ?? null, " MiB"),
    atMost(1024, "memory of a search of 32 lambdas", memory?.search ?? null, " MiB"),
    ...searchAims(search),
    ...serveAims(serve),
    ...machineAims(machines),
    atMost(180, "all 37 published experiments", replication ?? null, " s"),
  ];
}

function atLeast(least: number, aim: string, reached: number | null): Aim {
  return judged(aim, `at least ${least}`, reached, "", (value) => value >= least);
}

function atMost(most: number, aim: string, reached: number | null, unit: string): Aim {
  return judged(aim, `at most ${most}${unit}`, reached, unit, (value) => value <= most);
}

function judged(
  aim: string,
  wanted: string,
  reached: number | null,
  unit: string,
  fits: (value: number) => boolean,
): Aim {
  if (reached === null) return { aim, wanted, reached: "not measured", met: null };
  return {
    aim,
    wanted,
    reached: `${Number.isInteger(reached) ? reached : reached.toFixed(reached < 0.1 ? 4 : 2)}${unit}`,
    met: fits(reached),
  };
}
