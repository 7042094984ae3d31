import { stream } from "../../src/math/random/stream.ts";
import type { SpecInput } from "../../src/record/spec.ts";

/** A small set that the page brings along: made anew each time, always the same. */
export interface BundledSet {
  readonly name: string;
  readonly about: string;
  /** Points of a plane, whose classes can be drawn as areas. */
  readonly isPlane: boolean;
  /** The images, each a row of bytes and its class. */
  readonly rows: (part: Part) => readonly Row[];
  /** What a training of it begins with, beside its data. */
  readonly settings: Omit<SpecInput, "data" | "name">;
}

export type Part = "train" | "test";

interface Row {
  readonly label: string;
  readonly bytes: readonly number[];
}

const counts = { train: 400, test: 200 };
const held = 100;

const network = (...hidden: number[]) => ({ hidden, initialise: { kind: "he" as const } });
const training = (rate: number, epochs: number) => ({
  batch: 20,
  epochs,
  schedule: { kind: "constant" as const, rate },
  update: { kind: "momentum" as const },
});

export const bundledSets: readonly BundledSet[] = [
  {
    name: "spirals",
    about: "two arms, one and a half turns each",
    isPlane: true,
    rows: plane("spirals", 2, (arm, at, noise) => {
      const angle = 3 * Math.PI * Math.sqrt(at) + arm * Math.PI;
      const radius = 0.08 + 0.82 * Math.sqrt(at);
      return [radius * Math.cos(angle) + 0.03 * noise(), radius * Math.sin(angle) + 0.03 * noise()];
    }),
    settings: { network: network(32, 32), training: training(0.02, 200), evaluate: { every: 75 } },
  },
  {
    name: "moons",
    about: "two half circles that reach into each other",
    isPlane: true,
    rows: plane("moons", 2, (moon, at, noise) => {
      const angle = Math.PI * at;
      const [x, y] = moon === 0 ? [Math.cos(angle), Math.sin(angle)] : [1 - Math.cos(angle), 0.5 - Math.sin(angle)];
      return [(x - 0.5) * 0.58 + 0.05 * noise(), (0.25 - y) * 0.8 + 0.05 * noise()];
    }),
    settings: { network: network(16), training: training(0.02, 60), evaluate: { every: 30 } },
  },
  {
    name: "rings",
    about: "three classes, one around the other",
    isPlane: true,
    rows: plane("rings", 3, (ring, at, noise) => {
      const angle = 2 * Math.PI * at;
      const radius = 0.15 + 0.33 * ring + 0.05 * noise();
      return [radius * Math.cos(angle), radius * Math.sin(angle)];
    }),
    settings: { network: network(16, 16), training: training(0.02, 100), evaluate: { every: 30 } },
  },
  {
    name: "chequers",
    about: "squares of a board, the exclusive or of two halves, twice",
    isPlane: true,
    rows: plane("chequers", 2, (colour, at, noise) => {
      // Where the sum of row and column is even or odd.
      const cell = Math.floor(at * 8);
      const row = Math.floor(cell / 2);
      const column = 2 * (cell % 2) + ((row + colour) % 2);
      const inside = () => 0.22 * Math.max(-1, Math.min(1, noise()));
      return [(column - 1.5) * 0.47 + inside(), (row - 1.5) * 0.47 + inside()];
    }),
    settings: { network: network(32, 32), training: training(0.02, 200), evaluate: { every: 75 } },
  },
  {
    name: "shapes",
    about: "grey pictures of 28 x 28 pixels: discs, squares, crosses, bars",
    isPlane: false,
    rows: shapes,
    settings: { network: network(20), training: training(0.005, 40), evaluate: { every: 30 } },
  },
];

/** The names of a set's files, as its spec has them. */
function fileOf(set: string, part: Part): string {
  return `${set}-${part}.csv`;
}

/** The set and part that a file's name means; undefined for any other name. */
export function bundledFile(file: string): { readonly set: BundledSet; readonly part: Part } | undefined {
  for (const set of bundledSets) {
    for (const part of ["train", "test"] as const) if (fileOf(set.name, part) === file) return { set, part };
  }
  return undefined;
}

/** A set's file as text, which is read as any other is: here and by the command line. */
export function csvOf(set: BundledSet, part: Part): string {
  const rows = shuffled(set.rows(part), `${set.name}-${part}`);
  const columns = rows[0].bytes.map((_, index) => (set.isPlane ? ["x", "y"][index] : `pixel${index}`));
  return [["label", ...columns], ...rows.map(({ label, bytes }) => [label, ...bytes])]
    .map((cells) => `${cells.join(",")}\n`)
    .join("");
}

/** What is held out of them is the last of each class. */
function shuffled(rows: readonly Row[], name: string): Row[] {
  return Array.from(stream(1, `${name}-order`).permutation(rows.length), (row) => rows[row]);
}

/** The `data` of a spec that names a set's files. */
export function dataOf(set: string): SpecInput["data"] {
  return {
    dataset: { train: [fileOf(set, "train")], test: fileOf(set, "test"), label: "label" },
    split: { kind: "hold-out", validation: held },
    order: "permuted",
  };
}

type Place = (label: number, at: number, noise: () => number) => readonly [x: number, y: number];

/** Points in -1 to 1, as bytes: a class after the other, evenly along it. */
function plane(name: string, classes: number, place: Place): BundledSet["rows"] {
  return (part) => {
    const random = stream(1, `${name}-${part}`);
    const count = counts[part];
    return Array.from({ length: count }, (_, index) => {
      const label = index % classes;
      const at = (Math.floor(index / classes) + 0.5) / Math.ceil(count / classes);
      const [x, y] = place(label, at, () => random.standardNormal(1)[0]);
      return { label: "abc"[label], bytes: [x, -y].map(byteOfPlane) };
    });
  };
}

function byteOfPlane(value: number): number {
  return Math.max(0, Math.min(255, Math.round(127.5 + 127.5 * value)));
}

const side = 28;
const kinds = ["disc", "square", "cross", "bars"] as const;

function shapes(part: Part): Row[] {
  const random = stream(1, `shapes-${part}`);
  return Array.from({ length: counts[part] }, (_, index) => {
    const label = kinds[index % kinds.length];
    const [x, y, size, ink, paper] = [
      [11, 17],
      [11, 17],
      [5, 9],
      [140, 255],
      [0, 60],
    ].map(([low, high]) => random.uniform(low, high, 1)[0]);
    const noise = random.normal(0, 18, side * side);
    const bytes = Array.from(noise, (grain, pixel) => {
      const isInk = isInside(label, (pixel % side) - x, Math.floor(pixel / side) - y, size);
      return Math.max(0, Math.min(255, Math.round((isInk ? ink : paper) + grain)));
    });
    return { label, bytes };
  });
}

function isInside(kind: (typeof kinds)[number], dx: number, dy: number, size: number): boolean {
  const [across, down] = [Math.abs(dx), Math.abs(dy)];
  switch (kind) {
    case "disc":
      return dx * dx + dy * dy <= size * size;
    case "square":
      return Math.max(across, down) <= 0.85 * size;
    case "cross":
      return Math.min(across, down) <= 1.6 && Math.max(across, down) <= size;
    case "bars":
      return Math.max(across, down) <= size && Math.floor((dy + 100) / 3) % 2 === 0;
  }
}
