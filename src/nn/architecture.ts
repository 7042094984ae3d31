import type { ActivationDescription } from "./activation.ts";
import type { LossDescription } from "./loss.ts";

/** A population of fully-connected classifiers of one shape. */
export interface Architecture {
  /** Networks trained side by side. */
  readonly members: number;
  /** Nodes from the input to the classes, e.g. [3072, 50, 10]; two entries are softmax regression. */
  readonly widths: readonly number[];
  readonly batchNorm?: BatchNorm | undefined;
  /** What hidden nodes make of their scores; the ReLU where absent. */
  readonly activation?: ActivationDescription | undefined;
  /** Whether every hidden layer but the first adds its input to what it makes of it. */
  readonly residual?: boolean | undefined;
  /** Softmax cross-entropy where absent. */
  readonly loss?: LossDescription | undefined;
}

/** How hidden layers are normalised. */
export interface BatchNorm {
  /** Of the scores s, or of what the activation makes of them. */
  readonly place: "before-relu" | "after-relu";
  readonly layers: "all" | "all-but-last";
  /** Whether gamma and beta are learned. */
  readonly affine: boolean;
  /** Added to the variance. */
  readonly eps: number;
  /** Whether images that are measured or classified are normalised by their own statistics, over all of them. */
  readonly statistics?: "adaptive";
}

/** Whether hidden layer `index` (0 is the first) is normalised. */
export function isNormalised({ widths, batchNorm }: Architecture, index: number): boolean {
  const last = widths.length - 3;
  return batchNorm !== undefined && (batchNorm.layers === "all" || index < last);
}

/** Whether hidden layer `index` (0 is the first) adds its input, of its own width, to its output. */
export function hasShortcut({ residual }: Architecture, index: number): boolean {
  return residual === true && index > 0;
}
