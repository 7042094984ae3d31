import type { Device, Statistics, Tensor } from "../math/device.ts";
import { type Architecture, isNormalised } from "./architecture.ts";

/** A hidden layer's buffers; what is absent, the architecture does not need. */
interface HiddenActivations {
  /** h = max(0, s), or max(0, y) where the scores are normalised: [members, width, n]. */
  readonly h: Tensor;
  /** What the next layer reads: h, or h normalised. */
  readonly output: Tensor;
  /** dJ/doutput, and on the way down dJ/dh and dJ/ds. */
  readonly d: Tensor;
  readonly norm?: {
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
  const { members, widths, batchNorm } = architecture;
  const classes = widths[widths.length - 1];
  return {
    hidden: widths.slice(1, -1).map((width, index): HiddenActivations => {
      const tensor = () => device.tensor([members, width, n]);
      const h = tensor();
      if (!isNormalised(architecture, index)) return { h, output: h, d: tensor() };
      const statistics = { mean: device.tensor([members, width, 1]), variance: device.tensor([members, width, 1]) };
      const output = batchNorm?.place === "after-relu" ? tensor() : h;
      return { h, output, d: tensor(), norm: { normalised: tensor(), statistics, d: tensor() } };
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
  const narrow = (t: Tensor) => device.view(t, [t.shape[0], t.shape[1], n]);
  return {
    hidden: hidden.map(({ h, output, d, norm }) => {
      const narrowed = narrow(h);
      return {
        h: narrowed,
        output: output === h ? narrowed : narrow(output),
        d: narrow(d),
        ...(norm && {
          norm: { normalised: narrow(norm.normalised), statistics: norm.statistics, d: narrow(norm.d) },
        }),
      };
    }),
    scores: narrow(scores),
    probabilities: narrow(probabilities),
  };
}
