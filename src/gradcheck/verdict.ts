import type { ActivationDescription } from "../nn/activation.ts";
import type { BatchNorm } from "../nn/architecture.ts";
import type { LossDescription } from "../nn/loss.ts";

/** A hidden unit whose score changes sign inside the numeric difference: the cost has a corner there. */
export interface Kink {
  /** Which entry of the parameter was moved, by its indices. */
  readonly entry: readonly number[];
  /** Hidden layer (1 is the first), unit and example whose score crossed zero, from 0. */
  readonly layer: number;
  readonly unit: number;
  readonly example: number;
}

/**
 * How far two gradients of one parameter lie apart, over all entries without a kink. Where both must be 0: how far the
 * farther one is from it, and in place of |ga| + |gn| stands the gradient of the same layer's weights.
 */
export interface Disagreement {
  /** max |ga - gn| (report 000). */
  readonly maxAbsolute: number;
  /** max |ga - gn| / max(eps, |ga| + |gn|) (reports 002, 003). */
  readonly maxRelative: number;
  /** ||ga - gn|| / max(eps, ||ga|| + ||gn||) (report 004). */
  readonly normRelative: number;
  /** The largest k for which every entry agrees to k decimals: |ga - gn| < 1.5 * 10^-k (report 001; NumPy's rule). */
  readonly decimals: number;
}

interface CheckedParameter {
  /** `W1`, `b1`, `gamma1`, ... */
  readonly name: string;
  readonly shape: readonly number[];
  /** The gradient must be 0, as that of a bias before batch normalisation: no error can be relative to it. */
  readonly zero?: true;
  readonly kinks: readonly Kink[];
  /** The largest entry of either gradient, without its sign, of those that were compared; 0 where none was. */
  readonly largest: number;
}

/** One parameter's analytic gradient against both differences. */
export interface ComparedParameter extends CheckedParameter {
  readonly forward: Disagreement;
  readonly centred: Disagreement;
}

/** One row of the gradient table: one parameter of one network, against the extrapolated centred difference. */
export interface ParameterCheck extends CheckedParameter, Disagreement {
  /** Layers of the network, and the penalty it was checked with. */
  readonly layers: number;
  readonly lambda: number;
  /** The same against the forward difference, whose own error is of order h. */
  readonly forward: Disagreement;
  /** Its error is below the tolerance, and unless it must be 0, something of it is not: zeros agree with anything forgotten. */
  readonly passed: boolean;
}

/** The gradient table and how it was made. */
export interface GradientCheck {
  readonly passed: boolean;
  /** The bound `maxRelative` must stay under. */
  readonly tolerance: number;
  /** Steps of the forward and of the centred difference. */
  readonly step: { readonly forward: number; readonly centred: number };
  /** The floor of the relative errors' denominators. */
  readonly eps: number;
  readonly problem: {
    readonly dimensions: number;
    readonly examples: number;
    readonly hidden: number;
    readonly seed: number;
    /** How hidden layers are normalised; absent where they are not. */
    readonly batchNorm?: BatchNorm;
    /** The ReLU where absent. */
    readonly activation?: ActivationDescription;
    /** Whether hidden layers but the first add what they read. */
    readonly residual?: boolean;
    /** Softmax cross-entropy where absent. */
    readonly loss?: LossDescription;
  };
  readonly parameters: readonly ParameterCheck[];
}
