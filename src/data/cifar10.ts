import { Fault } from "../fault/fault.ts";
import type { Dataset } from "./dataset.ts";
import type { SplitLayout } from "./splits.ts";

// CIFAR-10 (Krizhevsky 2009, "Learning Multiple Layers of Features from Tiny Images") in its binary form:
// six members of 10,000 records; a record is a label byte, then 1024 red, 1024 green and 1024 blue bytes, each 32 x 32 row-major.

/** Images in one member. */
export const cifar10Count = 10_000;
/** Bytes of one image: 3 colours of 32 x 32. */
export const cifar10Dimension = 3072;
const record = 1 + cifar10Dimension;
/** Bytes of one member's file. */
export const cifar10Bytes = cifar10Count * record;

export const cifar10Classes = [
  "airplane",
  "automobile",
  "bird",
  "cat",
  "deer",
  "dog",
  "frog",
  "horse",
  "ship",
  "truck",
] as const;

/** The members, five for training and one for testing, with the SHA-256 of each one's `.bin` file. */
export const cifar10Hashes = {
  data_batch_1: "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5",
  data_batch_2: "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed",
  data_batch_3: "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67",
  data_batch_4: "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48",
  data_batch_5: "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add",
  test_batch: "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b",
} as const;

export type Cifar10Member = keyof typeof cifar10Hashes;

/** `data_batch_1` to `data_batch_5`, `test_batch`: the order of every list of members. */
export const cifar10Members = Object.keys(cifar10Hashes) as Cifar10Member[];

/** How the members play the parts of a split. */
export const cifar10Layout: SplitLayout<Cifar10Member> = {
  training: ["data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5"],
  test: "test_batch",
};

const remedy = "run `gradus data fetch`";

/**
 * Reads one member, or its first `count` images: `bytes` of a `.bin` file into images [count, 3072] and labels [count].
 * `bytes` is taken over: the images are moved together in it, and the dataset's images are a view of it.
 * `place` is the file's path: it stands in the errors, and without folder and ending it is the dataset's name.
 * @throws Fault `data` for any length but 3,073 bytes an image, and for a label above 9
 */
export function parseCifar10Batch(bytes: Uint8Array, place: string, count = cifar10Count): Dataset {
  if (bytes.length !== count * record) {
    throw new Fault("data", place, `expected ${count * record} bytes, found ${bytes.length}`, remedy);
  }
  const labels = new Uint8Array(count);
  for (let image = 0; image < count; image++) {
    const at = image * record;
    const label = bytes[at];
    if (label >= cifar10Classes.length) {
      const finding = `found ${label} at byte ${at} (image ${image})`;
      throw new Fault("data", place, `expected a label from 0 to 9, ${finding}`, remedy);
    }
    labels[image] = label;
    bytes.copyWithin(image * cifar10Dimension, at + 1, at + record);
  }
  return {
    name: place.replace(/^.*[\\/]/, "").replace(/\.bin$/, ""),
    images: bytes.subarray(0, count * cifar10Dimension),
    labels,
    count,
    dimension: cifar10Dimension,
    classes: cifar10Classes,
    shape: [3, 32, 32],
  };
}
