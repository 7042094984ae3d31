/** What a row measures, by key, in the words of the table. */
export const works = {
  step: "step 3072-50-10",
  threeLayerStep: "step 3072-50-50-10",
  flaggedStep: "step 3072-50-10, products as the library's own gradients take them",
  search: "step of a search of 8 lambdas, measurements and all",
  evaluation: "evaluation of 10,000 images",
  evaluationProducts: "evaluation of 10,000 images, its products alone",
  forward: "product W1 X alone",
  gradient: "product dS1 X^T with its update alone",
  limit: "limit: both big products at the rate of sgemm 2048",
  peak: "limit: both big products at the 128-bit multiply-add peak",
} as const;

/** One line of the results: the median over the repetitions. */
export interface Row {
  readonly what: string;
  /** A device of Gradus, or a peer. */
  readonly device: string;
  readonly threads: number;
  /** Networks trained side by side. */
  readonly members: number;
  /** Of one step of one member; of one evaluation, or of one step's product, where `what` is that. */
  readonly microsecondsPerMemberStep: number;
  /** Why it is no measure of its library: such a row is in no ratio. */
  readonly note?: string;
}

/** Above 1 Gradus is faster, against a peer; the share that is reached, of a limit. null: not measured. */
export interface Ratios {
  readonly singleVsNumpy: number | null;
  readonly singleVsOnnxRuntime: number | null;
  readonly singleVsPyTorch: number | null;
  /** Both with one thread. */
  readonly oneThreadVsNumpy: number | null;
  readonly wasmVsNumpy: number | null;
  readonly wasmVsTensorFlowJs: number | null;
  readonly searchVsNumpy: number | null;
  readonly searchVsLimit: number | null;
  /** Steps of 8 and of 32 members. */
  readonly eightVsLimit: number | null;
  readonly thirtyTwoVsLimit: number | null;
  readonly evaluationVsNumpy: number | null;
  /** A whole step of one network with one thread. */
  readonly wasmStepVsPeak: number | null;
  /** One network's step with one thread over the same with all. */
  readonly wasmThreadsVsOne: number | null;
  readonly wasmForwardVsPeak: number | null;
  readonly wasmGradientVsPeak: number | null;
}

export const gradusDevices: readonly string[] = ["native", "wasm", "blas"];

/** Microseconds of the fastest row of these devices, at whatever number of threads that is. */
export function fastest(rows: readonly Row[], what: string, devices: readonly string[], members = 1): Row | undefined {
  const fitting = rows.filter((row) => row.what === what && row.members === members && devices.includes(row.device));
  return fitting.toSorted((a, b) => a.microsecondsPerMemberStep - b.microsecondsPerMemberStep)[0];
}

/** @param searchShare operations that a whole search counts for each of those of its steps' two big products */
export function ratios(rows: readonly Row[], searchShare: number): Ratios {
  const fair = rows.filter(({ note }) => note === undefined);
  const of = (what: string, devices: readonly string[], members = 1) =>
    fastest(fair, what, devices, members)?.microsecondsPerMemberStep;
  const over = (a: number | undefined, b: number | undefined) => (a === undefined || b === undefined ? null : a / b);
  const single = of(works.step, gradusDevices);
  const wasm = of(works.step, ["wasm"]);
  const search = of(works.search, gradusDevices, 8);
  const limit = rows.filter((row) => row.what === works.limit);
  const bestLimit = limit.length === 0 ? undefined : Math.min(...limit.map((row) => row.microsecondsPerMemberStep));
  const peak = of(works.peak, ["wasm"]);
  const withOne = (devices: readonly string[]) =>
    fastest(
      rows.filter(({ threads }) => threads === 1),
      works.step,
      devices,
    )?.microsecondsPerMemberStep;
  const half = peak === undefined ? undefined : peak / 2;
  return {
    singleVsNumpy: over(of(works.step, ["numpy"]), single),
    singleVsOnnxRuntime: over(of(works.step, ["onnxruntime"]), single),
    singleVsPyTorch: over(of(works.step, ["pytorch"]), single),
    oneThreadVsNumpy: over(withOne(["numpy"]), withOne(gradusDevices)),
    wasmVsNumpy: over(of(works.step, ["numpy"]), wasm),
    wasmVsTensorFlowJs: over(of(works.step, ["tensorflowjs"]), wasm),
    searchVsNumpy: over(of(works.search, ["numpy"]), search),
    searchVsLimit: over(bestLimit === undefined ? undefined : bestLimit * searchShare, search),
    eightVsLimit: over(bestLimit, of(works.step, gradusDevices, 8)),
    thirtyTwoVsLimit: over(bestLimit, of(works.step, gradusDevices, 32)),
    evaluationVsNumpy: over(of(works.evaluation, ["numpy"]), of(works.evaluation, gradusDevices)),
    wasmStepVsPeak: over(peak, withOne(["wasm"])),
    wasmThreadsVsOne: over(withOne(["wasm"]), wasm),
    wasmForwardVsPeak: over(half, singleThreaded(rows, works.forward)),
    wasmGradientVsPeak: over(half, singleThreaded(rows, works.gradient)),
  };
}

function singleThreaded(rows: readonly Row[], what: string): number | undefined {
  return rows.find((row) => row.what === what && row.device === "wasm" && row.threads === 1)?.microsecondsPerMemberStep;
}
