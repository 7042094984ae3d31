import type { Device, Statistics, Tensor } from "../math/device.ts";
import { readsScores } from "./activation.ts";
import { type Architecture, hasShortcut, isNormalised } from "./architecture.ts";

/** A hidden layer's buffers, [members, width, n]; what is absent, the architecture does not need. */
interface HiddenActivations {
  /** What the activation reads, normalised or not; h's own memory where the backward pass does not need it. */
  readonly s: Tensor;
  /** h = f(s). */
  readonly h: Tensor;
  /** What the layer makes of its input: h, or h normalised. */
  readonly y: Tensor;
  /** What the next layer reads: y, or y + the layer's input. */
  readonly output: Tensor;
  /** dJ/doutput, and without a shortcut on the way down dJ/dh and dJ/ds. */
  readonly d: Tensor;
  /** Where a shortcut keeps `d` for the layer below: dJ/dy, and on the way down dJ/dh and dJ/ds. */
  readonly dy?: Tensor;
  readonly norm?: {
    readonly place: "before" | "after";
    readonly normalised: Tensor;
    readonly statistics: Statistics;
    /** Where the gradient goes on through the statistics. */
    readonly d: Tensor;
  };
}

/** Where a forward pass leaves what the backward pass reads, for n samples. */
export interface Activations {
  /** From the input up. */
  readonly hidden: readonly HiddenActivations[];
  /** Scores of the last layer, [members, classes, n]. */
  readonly scores: Tensor;
  /** Their softmax, or what another loss makes of them; the backward pass leaves dJ/ds here. */
  readonly probabilities: Tensor;
}

export function createActivations(device: Device, architecture: Architecture, n: number): Activations {
  const { members, widths, batchNorm, activation } = architecture;
  const classes = widths[widths.length - 1];
  return {
    hidden: widths.slice(1, -1).map((width, index): HiddenActivations => {
      const tensor = () => device.tensor([members, width, n]);
      const column = () => device.tensor([members, width, 1]);
      const h = tensor();
      const s = readsScores(activation) ? tensor() : h;
      const shortcut = hasShortcut(architecture, index) ? { output: tensor(), dy: tensor() } : undefined;
      if (!isNormalised(architecture, index)) return { s, h, y: h, output: h, d: tensor(), ...shortcut };
      const place = batchNorm?.place === "after-relu" ? "after" : "before";
      const y = place === "after" ? tensor() : h;
      const statistics = { mean: column(), variance: column() };
      const norm = { place, normalised: tensor(), statistics, d: tensor() } as const;
      return { s, h, y, output: y, d: tensor(), norm, ...shortcut };
    }),
    scores: device.tensor([members, classes, n]),
    probabilities: device.tensor([members, classes, n]),
  };
}

/** The same memory for fewer samples. */
export function viewActivations(
  device: Device,
  { hidden, scores, probabilities }: Activations,
  n: number,
): Activations {
  const views = new Map<Tensor, Tensor>();
  // What is one memory stays one.
  const narrow = (t: Tensor) => {
    const view = views.get(t) ?? device.view(t, [t.shape[0], t.shape[1], n]);
    views.set(t, view);
    return view;
  };
  return {
    hidden: hidden.map(({ s, h, y, output, d, dy, norm }) => ({
      s: narrow(s),
      h: narrow(h),
      y: narrow(y),
      output: narrow(output),
      d: narrow(d),
      ...(dy && { dy: narrow(dy) }),
      ...(norm && { norm: { ...norm, normalised: narrow(norm.normalised), d: narrow(norm.d) } }),
    })),
    scores: narrow(scores),
    probabilities: narrow(probabilities),
  };
}
