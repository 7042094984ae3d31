import { takeAgain, unreadable } from "../../files/unreadable.ts";
import { cifar10Classes, cifar10Dimension } from "../cifar10.ts";
import type { Dataset } from "../dataset.ts";

// CIFAR's binary form (Krizhevsky 2009): records of a label, then 1024 red, 1024 green and 1024 blue bytes. CIFAR-100 has two
// labels, the coarse one first.

/** The fine classes of CIFAR-100, by number. */
export const cifar100Classes: readonly string[] = (
  "apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly camel can castle " +
  "caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur dolphin elephant flatfish " +
  "forest fox girl hamster house kangaroo keyboard lamp lawn_mower leopard lion lizard lobster man maple_tree motorcycle " +
  "mountain mouse mushroom oak_tree orange orchid otter palm_tree pear pickup_truck pine_tree plain plate poppy porcupine " +
  "possum rabbit raccoon ray road rocket rose sea seal shark shrew skunk skyscraper snail snake spider squirrel streetcar " +
  "sunflower sweet_pepper table tank telephone television tiger tractor train trout tulip turtle wardrobe whale " +
  "willow_tree wolf woman worm"
).split(" ");

const forms = [
  { name: "CIFAR-10", labels: 1, classes: cifar10Classes as readonly string[] },
  { name: "CIFAR-100", labels: 2, classes: cifar100Classes },
] as const;

/** Which of the two forms the records have: by their length, and where both fit by their labels. */
function formOf(bytes: Uint8Array) {
  const fitting = forms.filter(({ labels }) => bytes.length > 0 && bytes.length % (labels + cifar10Dimension) === 0);
  return fitting.find((form) => strangerOf(bytes, form) < 0) ?? fitting[0];
}

/** The byte of the first label that is none, or -1. */
function strangerOf(bytes: Uint8Array, { labels, classes }: (typeof forms)[number]): number {
  for (let at = labels - 1; at < bytes.length; at += labels + cifar10Dimension) {
    if (bytes[at] >= classes.length) return at;
    if (labels === 2 && bytes[at - 1] >= 20) return at - 1;
  }
  return -1;
}

/**
 * Reads records of CIFAR-10 or CIFAR-100 (with its fine labels).
 * @throws Fault `data` for another length, and for a label that is none
 */
export function readCifarBin(bytes: Uint8Array, name: string, place: string): Dataset {
  const form = formOf(bytes);
  if (form === undefined) {
    const expected = "records of 3073 bytes (CIFAR-10) or 3074 (CIFAR-100)";
    const at = bytes.length - (bytes.length % 3073);
    throw unreadable(
      place,
      at,
      expected,
      `${bytes.length} bytes, ${bytes.length - at} after the last whole one`,
      takeAgain,
    );
  }
  const stranger = strangerOf(bytes, form);
  if (stranger >= 0) {
    const expected = `a label of ${form.name}, 0 to ${form.classes.length - 1}${form.labels === 2 ? " (coarse: 19)" : ""}`;
    throw unreadable(place, stranger, expected, `${bytes[stranger]}`, takeAgain);
  }
  const record = form.labels + cifar10Dimension;
  const count = bytes.length / record;
  const images = new Uint8Array(count * cifar10Dimension);
  const labels = new Uint8Array(count);
  for (let image = 0; image < count; image++) {
    const at = image * record + form.labels;
    labels[image] = bytes[at - 1];
    images.set(bytes.subarray(at, at + cifar10Dimension), image * cifar10Dimension);
  }
  return { name, images, labels, count, dimension: cifar10Dimension, classes: form.classes, shape: [3, 32, 32] };
}
