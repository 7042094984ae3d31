import { Fault } from "../fault/fault.ts";
import type { Dataset } from "./dataset.ts";

/**
 * The same datasets with one list of classes and one dimension: a file of a dataset need not show every class of it.
 * Numbers are united by size. Names are united when one list has all of the other's, or both share some.
 * @throws Fault `data` naming the first dataset that does not fit those before it
 */
export function united(datasets: readonly Dataset[]): Dataset[] {
  let classes = datasets[0]?.classes ?? [];
  for (const dataset of datasets) {
    const [first] = datasets;
    if (dataset.dimension !== first.dimension) {
      const complaint = `expected images of ${first.dimension} bytes as in ${first.name}, found ${dataset.dimension}`;
      throw new Fault("data", dataset.name, complaint, "give files whose images have the same size and colours");
    }
    const union = unionOf(classes, dataset.classes);
    if (union === undefined || union.length > 256) {
      const actual = `found ${some(dataset.classes)}`;
      const remedy = "give files with the same classes, all by name or all by number";
      throw new Fault(
        "data",
        dataset.name,
        `expected classes like ${some(classes)} in ${first.name}, ${actual}`,
        remedy,
      );
    }
    classes = union;
  }
  return datasets.map((dataset) => renumbered(dataset, classes));
}

function unionOf(a: readonly string[], b: readonly string[]): readonly string[] | undefined {
  const [large, small] = a.length >= b.length ? [a, b] : [b, a];
  if (small.every((name) => large.includes(name))) return large;
  const all = [...new Set([...a, ...b])];
  const isNumber = (name: string) => /^-?\d+$/.test(name);
  if (all.every(isNumber)) return all.sort((x, y) => Number(x) - Number(y));
  if (all.some(isNumber) || !small.some((name) => large.includes(name))) return undefined;
  return all.sort();
}

function renumbered(dataset: Dataset, classes: readonly string[]): Dataset {
  if (dataset.classes.every((name, label) => classes[label] === name)) return { ...dataset, classes };
  const numbers = dataset.classes.map((name) => classes.indexOf(name));
  return { ...dataset, classes, labels: dataset.labels.map((label) => numbers[label]) };
}

function some(classes: readonly string[]): string {
  const firstClasses = classes.slice(0, 3).map((name) => JSON.stringify(name.slice(0, 40)));
  return firstClasses.join(", ") + (classes.length > 3 ? ", ..." : "");
}
