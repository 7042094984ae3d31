import { Fault } from "../fault/fault.ts";
import { unknownName } from "../fault/nearest.ts";
import { specSchema } from "../record/spec.ts";
import { pathsOf } from "../record/spec-paths.ts";
import { inOrder, type Space } from "./space.ts";

/** Paths that trials must have in common, and why. */
const fixed: readonly (readonly [path: string, why: string, remedy: string])[] = [
  ["data.dataset", "trials are compared on the same images", "begin a search for each, and compare their finals"],
  ["data.split", "trials are compared on the same validation images", "use folds, or begin a search for each"],
  ["data.limit", "trials are compared on the same images", "set it in the spec"],
  ["seed", "a seed is no setting", "give seeds, the number of runs a setting"],
  ["evaluate.test", "the test set stays locked until the final run", "leave it out"],
  ["name", "it changes nothing", "leave it out"],
];

/** Refuses a path that cannot be varied, or not in this way. @throws Fault `spec` */
export function checkDimension(space: Space, path: string): void {
  const place = `vary.${path}`;
  const known = [...new Set(pathsOf(specSchema).map((key) => key.path))];
  if (!known.includes(path)) {
    throw new Fault(
      "spec",
      place,
      unknownName(path, known)
        .replace(/ known: .*/, "")
        .replace(/;$/, ""),
      pathRemedy,
    );
  }
  const fixedPath = fixed.find(([prefix]) => path === prefix || path.startsWith(`${prefix}.`));
  if (fixedPath !== undefined) throw new Fault("spec", place, `cannot be varied: ${fixedPath[1]}`, fixedPath[2]);
  const dimension = space[path];
  if (!inOrder(space).includes(path)) {
    const needed = Object.keys(dimension.when ?? {});
    const missing = needed.find((key) => !(key in space));
    const complaint = missing === undefined ? "conditions go round in a circle" : `"${missing}" is not varied`;
    throw new Fault("spec", `${place}.when`, complaint, "name paths that are varied and do not depend on this one");
  }
  if (dimension.kind === "choice") {
    const texts = dimension.values.map((value) => JSON.stringify(value));
    const twice = texts.find((text, i) => texts.indexOf(text) !== i);
    if (twice !== undefined) throw new Fault("spec", `${place}.values`, `${twice} is named twice`, "name it once");
    return;
  }
  const { kind, low, high } = dimension;
  if (low > high) throw new Fault("spec", place, `the range ${low} to ${high} is reversed`, "exchange low and high");
  if (low === high) {
    throw new Fault("spec", place, `the range ${low} to ${high} is empty`, `set ${path} to ${low} in the spec instead`);
  }
  const isLog = kind === "log" || (kind === "integer" && dimension.scale === "log");
  if (isLog && low <= 0) {
    const remedy = low === 0 ? `begin above 0, and enqueue { ${path}: 0 } to try 0 too` : "use kind: uniform";
    throw new Fault("spec", `${place}.low`, `${low} has no logarithm: a log range lies above 0`, remedy);
  }
}

const pathRemedy = "name a key of the spec; docs/spec.md lists them";
