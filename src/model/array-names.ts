import { Fault } from "../fault/fault.ts";
import { isTexts, type NamedArrays, type NumberArray } from "../files/number-array.ts";

// What people call the arrays of a network: W1, b1, dW1, grads.W1, fc1.weight, X, Y, lambda, ...

/** Arrays of numbers under the names of this project: `W1`, `b1`, `gamma1`, `dW1`, `X`, `Y`, `lambda`, `eps`, `mean`, `std`. */
export type KnownArrays = ReadonlyMap<string, { readonly array: NumberArray; readonly name: string }>;

const parameter =
  /^(?:net|netparams|params|parameters|model|theta)?(?:fc|layer|linear|dense)?(\d*)(w|weights?|b|bias|biases|gammas?|betas?)(\d*)$/;
const gradientBefore = /^(?:n|num)?(?:d[jlc]?d?|grads?|gradients?|nabla)(.+)$/;
const gradientAfter = /^(.+?)(?:grads?|gradients?)$/;

const others: Readonly<Record<string, readonly string[]>> = {
  X: ["x", "xbatch", "xtrain", "trainx", "xsmall", "inputs", "input", "data"],
  Y: ["y", "ybatch", "ytrain", "trainy", "ysmall", "onehot", "labels", "label", "targets", "target"],
  lambda: ["lambda", "lam", "lmbda", "lambd", "lambda1", "reg", "l2"],
  eps: ["eps", "epsilon", "bneps"],
  mean: ["mean", "meanx", "mu", "xmean"],
  std: ["std", "stdx", "sd", "sigma", "xstd"],
};

/**
 * The arrays of a file by what they are.
 * @param given names of a file's arrays for ours: `W1` to `theta1`, as `--array W1=theta1` says
 * @throws Fault `usage` for a name that the file has not; Fault `data` where two arrays are the same thing
 */
export function knownArrays(
  arrays: NamedArrays,
  place: string,
  given: ReadonlyMap<string, string> = new Map(),
): KnownArrays {
  const known = new Map<string, { array: NumberArray; name: string }>();
  const taken = new Set(given.values());
  for (const [ours, name] of given) {
    const array = arrays.get(name);
    if (array === undefined) {
      const remedy = `name one of: ${[...arrays.keys()].join(", ")}`;
      throw new Fault("usage", "--array", `${ours}=${name}: ${place} has no array "${name}"`, remedy);
    }
    known.set(ours, { array: numbersOf(array, name, place), name });
  }
  for (const [name, array] of arrays) {
    const ours = ourName(name);
    if (ours === undefined || taken.has(name) || given.has(ours) || typeof array === "string" || isTexts(array))
      continue;
    const before = known.get(ours);
    if (before !== undefined) {
      const complaint = `"${before.name}" and "${name}" may both be ${ours}`;
      throw new Fault("data", place, complaint, `say which: --array ${ours}=${before.name}`);
    }
    known.set(ours, { array, name });
  }
  return known;
}

/** What an array is by its name; undefined for a name that says nothing. */
export function ourName(name: string): string | undefined {
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, "");
  const other = Object.entries(others).find(([, names]) => names.includes(plain));
  if (other !== undefined) return other[0];
  const own = parameterName(plain);
  if (own !== undefined) return own;
  const inner = plain.match(gradientBefore)?.[1] ?? plain.match(gradientAfter)?.[1];
  const of = inner === undefined ? undefined : parameterName(inner);
  return of === undefined ? undefined : `d${of}`;
}

/** `W1` of `w1`, `weight1`, `fc1weight`; of `w` alone that of the one layer there is. */
function parameterName(plain: string): string | undefined {
  const [, before, word, after] = plain.match(parameter) ?? [];
  if (word === undefined || (before !== "" && after !== "")) return undefined;
  const ours = word.startsWith("w") ? "W" : (/^(gamma|beta)/.exec(word)?.[0] ?? "b");
  return `${ours}${Number(before || after || 1)}`;
}

function numbersOf(
  array: NumberArray | { texts: readonly string[] } | string,
  name: string,
  place: string,
): NumberArray {
  if (typeof array === "object" && "bytes" in array) return array;
  const what = typeof array === "string" ? array : "texts";
  throw new Fault(
    "data",
    `${place}: ${name}`,
    `it holds ${what}, not numbers`,
    "save W1, b1, ... as arrays of their own",
  );
}
