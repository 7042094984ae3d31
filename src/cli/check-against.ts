import { Fault } from "../fault/fault.ts";
import { type Diagnosis, diagnose } from "../gradcheck/diagnose.ts";
import { analyticGradients } from "../gradcheck/network.ts";
import { createNodeDevice } from "../math/select.node.ts";
import { type StudentOptions, studentGradients } from "../model/student-network.ts";
import { diagnosisTable } from "../report/diagnosis-table.ts";
import { conclude, createConsole } from "./console.ts";
import { arrayName, namedArrays } from "./named-arrays.ts";

export interface AgainstOptions {
  readonly against: string;
  readonly array?: readonly string[];
  readonly samples?: "rows" | "columns";
  readonly weights?: "out-in" | "in-out";
  readonly tolerance?: number;
  readonly device: string;
  readonly json?: boolean;
}

/** What rounding may leave, as a part of the largest entry. */
const tolerances = { double: 1e-6, single: 1e-4 };

/** `gradus check --against FILE` */
export async function checkAgainst(options: AgainstOptions, lambdas: readonly number[] | undefined): Promise<void> {
  const console = createConsole(options);
  const [lambda, ...more] = lambdas ?? [];
  if (more.length > 0) throw new Fault("usage", "--lambda", "several, and the file has one", "give one number");
  const file = options.against;
  const { notes, isDouble, gradients, ...network } = studentGradients(await namedArrays(file), file, {
    ...studentOptions(options),
    ...(lambda === undefined ? {} : { lambda }),
  });
  const device = await createNodeDevice(options.device, "f64");
  let right: Record<string, Float64Array>;
  try {
    right = await analyticGradients(device, network);
  } finally {
    device.close();
  }
  const tolerance = options.tolerance ?? (isDouble ? tolerances.double : tolerances.single);
  const diagnosis = diagnose(network, right, gradients, tolerance);
  const missing = Object.keys(network.parameters).filter((name) => gradients[name] === undefined);
  const absent =
    missing.length === 0 ? [] : [`no gradient of ${missing.join(", ")} is in the file, so none was checked`];
  console.table(diagnosisTable(diagnosis, [...notes, ...absent]));
  conclude(
    console,
    { against: file, lambda: network.lambda, notes: [...notes, ...absent], ...diagnosis },
    against(diagnosis),
  );
}

/** Refuses flags that only `--against` has. @throws Fault `usage` */
export function requireAgainst(options: Partial<AgainstOptions>): void {
  const flag = (["array", "samples", "weights", "tolerance"] as const).find((name) => options[name] !== undefined);
  if (flag === undefined) return;
  throw new Fault(
    "usage",
    `--${flag}`,
    "says something of a file, and none is named",
    "add --against FILE, or leave it out",
  );
}

/** The options of a student's file that flags say. */
function studentOptions({
  array = [],
  samples,
  weights,
}: Pick<AgainstOptions, "array" | "samples" | "weights">): StudentOptions {
  return {
    names: new Map(array.map(arrayName)),
    ...(weights === undefined ? {} : { isTurned: weights === "in-out" }),
    ...(samples === undefined ? {} : { examples: samples }),
  };
}

/** What is wrong, as an error; undefined where nothing is. */
function against({ passed, parameters, mistakes, isExplained }: Diagnosis): Fault | undefined {
  if (passed) return undefined;
  const [worst] = parameters.filter(({ agrees }) => !agrees).sort((a, b) => b.normRelative - a.normRelative);
  const { place, theirs, right } = (worst ?? parameters[0]).farthest;
  const [first] = mistakes;
  const where = `is ${theirs.toPrecision(6)} and should be ${right.toPrecision(6)}`;
  if (first === undefined || !isExplained) {
    const also = first === undefined ? "" : `; ${first.what}, which does not explain it all`;
    const remedy = "compare the code of this gradient with docs/derivations, line by line";
    return new Fault("check", place, `${where}, the biggest difference; no known mistake explains it${also}`, remedy);
  }
  const remedy = mistakes.map((mistake) => mistake.remedy).join("; ");
  if (worst === undefined)
    return new Fault("check", first.parameters[0], mistakes.map(({ what }) => what).join("; "), remedy);
  const what = mistakes.map((mistake) => `${mistake.parameters.join(", ")}: ${mistake.what}`).join("; ");
  return new Fault("check", place, `${where}. ${what}`, remedy);
}
