import { classCounts, type Dataset } from "./dataset.ts";

/**
 * The images of a dataset in another order, from 1 to `count` - 1 of them last: of each class its last ones, as many as its share, and
 * not its only one where that can be helped. Otherwise in their order.
 */
export function stratified(dataset: Dataset, count: number): Dataset {
  const left = classCounts(dataset);
  const quotas = shares(left, count);
  return heldOutLast(
    dataset,
    Array.from(dataset.labels, (label) => left[label]-- <= quotas[label]),
  );
}

/** The images of a dataset with part `number`, from 1, of `of` last: of each class every `of`-th image, so that all parts have all classes. */
export function stratifiedFold(dataset: Dataset, number: number, of: number): { images: Dataset; heldOut: number } {
  const counts = classCounts(dataset);
  // The images of a class are counted on from those of the classes before it: parts are equally large.
  const next = counts.map((_, label) => counts.slice(0, label).reduce((sum, count) => sum + count, 0));
  const isHeldOut = Array.from(dataset.labels, (label) => next[label]++ % of === number - 1);
  return { images: heldOutLast(dataset, isHeldOut), heldOut: isHeldOut.filter(Boolean).length };
}

function heldOutLast(dataset: Dataset, isHeldOut: readonly boolean[]): Dataset {
  const { images, labels, dimension } = dataset;
  const order = [...labels.keys()];
  const chosen = [...order.filter((image) => !isHeldOut[image]), ...order.filter((image) => isHeldOut[image])];
  const arranged = new Uint8Array(images.length);
  for (const [place, image] of chosen.entries()) {
    arranged.set(images.subarray(image * dimension, (image + 1) * dimension), place * dimension);
  }
  return { ...dataset, images: arranged, labels: Uint8Array.from(chosen, (image) => labels[image]) };
}

/** How many of `count` each class gives: its share rounded down, then one more where most is missing, the first of equals. */
function shares(sizes: readonly number[], count: number): number[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const exactShares = sizes.map((size) => (count * size) / total);
  const quotas = exactShares.map((share, at) => Math.min(Math.floor(share), Math.max(0, sizes[at] - 1)));
  for (let assigned = quotas.reduce((sum, quota) => sum + quota, 0); assigned < count; assigned++) {
    const spare = (keep: number) => [...sizes.keys()].filter((at) => quotas[at] + keep < sizes[at]);
    const classes = spare(1).length > 0 ? spare(1) : spare(0);
    const most = classes.reduce((best, at) =>
      exactShares[at] - quotas[at] > exactShares[best] - quotas[best] ? at : best,
    );
    quotas[most]++;
  }
  return quotas;
}
