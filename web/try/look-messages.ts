import type { CheckOptions } from "../../src/gradcheck/check.ts";
import type { ParameterCheck } from "../../src/gradcheck/verdict.ts";
import type { Spec, SpecInput } from "../../src/record/spec.ts";
import type { TextTable } from "../../src/report/text-table.ts";
import type { Weights } from "../../src/train/weights.ts";
import type { Ending } from "../../src/worker/messages.ts";
import type { Schema } from "../form-field.tsx";
import type { PickedFiles } from "./image-source.ts";
import type { TinyNetwork, TinyNumbers, TinySettings } from "./tiny.ts";

interface OfImages {
  readonly spec: Spec;
  readonly picked: PickedFiles;
}

export interface CheckRequest {
  readonly kind: "gradients";
  readonly options: CheckOptions;
  /** What is broken on purpose. */
  readonly breakage?: string | undefined;
}

/** What the looking worker is asked. */
export type LookRequest =
  | { readonly kind: "schema" }
  | { readonly kind: "spec"; readonly written: SpecInput }
  | { readonly kind: "tiny"; readonly network: TinyNetwork; readonly settings: TinySettings }
  | ({ readonly kind: "images" } & OfImages)
  | { readonly kind: "convert"; readonly model: Uint8Array; readonly format: "onnx" | "npz" }
  | ({ readonly kind: "surface"; readonly weights: Weights } & OfImages)
  | ({ readonly kind: "answers"; readonly model: Uint8Array } & OfImages)
  | CheckRequest;

/** What it answers. */
export interface Looks {
  /** The JSON Schema of a spec. */
  readonly schema: Schema;
  /** Checked, and made whole. */
  readonly spec: Spec;
  readonly tiny: TinyNumbers;
  /** A model's file in another format. */
  readonly convert: Uint8Array;
  readonly images: {
    /** Of training, validation and test. */
    readonly counts: readonly number[];
    readonly dimension: number;
    readonly shape: readonly [channels: number, height: number, width: number] | undefined;
    readonly classes: readonly string[];
    /** Some training images of a plane: [n, 2] bytes. */
    readonly points: { readonly bytes: Uint8Array; readonly labels: Uint8Array } | undefined;
  };
  /** Of every class at every place of the grid, [places, classes]. */
  readonly surface: Float32Array | Float64Array;
  readonly answers: {
    readonly probabilities: Float32Array | Float64Array; // [n, classes]
    readonly labels: Uint8Array;
    readonly classes: readonly string[];
  };
  readonly gradients: {
    readonly table: TextTable;
    readonly passed: boolean;
    readonly parameters: readonly ParameterCheck[];
  };
}

export type LookAnswer = { readonly number: number } & (
  | { readonly answer: Looks[keyof Looks] }
  | { readonly failure: Ending }
);
