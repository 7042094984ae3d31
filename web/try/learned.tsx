import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { decisionSurface } from "../../src/plot/decision-surface.ts";
import { imageGrid } from "../../src/plot/image-grid.ts";
import { templateImage } from "../../src/plot/templates.ts";
import type { Checkpoint } from "../../src/record/event.ts";
import type { Spec } from "../../src/record/spec.ts";
import { Figure } from "../figure.tsx";
import type { PickedFiles } from "./image-source.ts";
import type { Looks } from "./look-messages.ts";
import { look } from "./looker.ts";
import { gridBytes, gridSide } from "./plane.ts";
import { training } from "./training.ts";

interface LearnedProps {
  readonly spec: Spec | undefined;
  readonly picked: PickedFiles;
  readonly images: Looks["images"] | undefined;
}

/** What the network makes of its inputs, as it learns: areas of a plane, or the first layer's weights as pictures. */
export function Learned({ spec, picked, images }: LearnedProps) {
  const now = training.value;
  if (images === undefined) return <p role="status">Looking at the images…</p>;
  const isOfThese = now?.picked === picked && isSameData(now.spec, spec);
  const seen = isOfThese ? now.seen : undefined;
  const { points, shape } = images;
  if (points !== undefined) return <Plane images={images} spec={now?.spec} picked={picked} seen={seen} />;
  if (shape === undefined) return <p class="note">The inputs are no pictures: there are no templates to show.</p>;
  const W1 = seen?.tensors.W1;
  if (W1 === undefined || W1.shape[1] !== images.dimension) return null;
  return <Templates shape={shape} rows={W1.shape[0]} values={W1.values as Float32Array} step={seen?.step ?? 0} />;
}

/** Whether two specs are of the same images. */
function isSameData(one: Spec, other: Spec | undefined): boolean {
  return JSON.stringify(one.data.dataset) === JSON.stringify(other?.data.dataset);
}

interface PlaneProps extends Omit<LearnedProps, "images"> {
  readonly images: Looks["images"];
  readonly seen: Checkpoint | undefined;
}

function Plane({ images: { classes, points }, spec, picked, seen }: PlaneProps) {
  const probabilities = useSurface(spec, picked, seen, classes.length);
  const draw = useCallback(
    (width: number) =>
      points === undefined
        ? ""
        : decisionSurface({
            ...{ id: "surface", title: "What the network makes of the plane", classes, side: gridSide },
            ...{ probabilities, points, width: Math.min(width, 540) },
          }),
    [classes, points, probabilities],
  );
  const data = () => ({
    columns: [
      { name: "x", quantity: "count" as const },
      { name: "y", quantity: "count" as const },
      ...classes.map((name) => ({ name: `p(${name})`, quantity: "rate" as const })),
    ],
    rows: Array.from({ length: gridSide * gridSide }, (_, at) => [
      gridBytes[2 * at],
      gridBytes[2 * at + 1],
      ...classes.map((_, label) => probabilities?.[at * classes.length + label] ?? Number.NaN),
    ]),
  });
  const step = seen === undefined ? "before any training" : `after update ${seen.step.toLocaleString("en-US")}`;
  return (
    <div class="surface">
      <Figure
        name="surface"
        caption={`Areas by the class that the network finds likeliest, ${step}.`}
        draw={draw}
        data={data}
      />
    </div>
  );
}

/** Asks for the surface of the last weights that were seen; one question at a time, the newest next. */
function useSurface(spec: Spec | undefined, picked: PickedFiles, seen: Checkpoint | undefined, classes: number) {
  const [surface, setSurface] = useState<Looks["surface"]>();
  const isAsking = useRef(false);
  const newest = useRef(seen);
  newest.current = seen;
  useEffect(() => {
    if (seen === undefined) setSurface(undefined);
    if (seen === undefined || spec === undefined || isAsking.current) return;
    isAsking.current = true;
    const ask = async (checkpoint: Checkpoint): Promise<void> => {
      const weights = checkpoint.tensors as never;
      setSurface(await look({ kind: "surface", spec, picked, weights }));
      if (newest.current !== undefined && newest.current !== checkpoint) await ask(newest.current);
    };
    void ask(seen)
      .catch(() => {}) // of weights that are no more wanted; a training says itself what is wrong with it
      .finally(() => {
        isAsking.current = false;
      });
  }, [seen]);
  return surface?.length === gridSide * gridSide * classes ? surface : undefined;
}

/** Templates that are shown: those of the first nodes. */
const most = 40;

interface TemplatesProps {
  readonly shape: readonly [number, number, number];
  readonly rows: number;
  readonly values: Float32Array | Float64Array; // [rows, dimension]
  readonly step: number;
}

function Templates({ shape, rows, values, step }: TemplatesProps) {
  const dimension = values.length / rows;
  const shown = Math.min(most, rows);
  const draw = useCallback(
    (width: number) =>
      imageGrid({
        ...{ id: "templates", title: "Weights of the first layer", width: Math.min(width, 760) },
        description: `A square for each of ${shown} nodes, each scaled from its smallest weight to its largest.`,
        images: Array.from({ length: shown }, (_, row) => {
          return { png: templateImage(values.subarray(row * dimension, (row + 1) * dimension), shape), lines: [] };
        }),
      }),
    [values],
  );
  const data = () => ({
    columns: [
      { name: "node", quantity: "count" as const },
      { name: "input", quantity: "count" as const },
      { name: "weight", quantity: "rate" as const },
    ],
    rows: Array.from({ length: shown * dimension }, (_, at) => [
      Math.floor(at / dimension),
      at % dimension,
      values[at],
    ]),
  });
  const caption = `Weights of the first layer after update ${step.toLocaleString("en-US")}: ${shown} of ${rows} nodes.`;
  return <Figure name="templates" caption={caption} draw={draw} data={data} />;
}
