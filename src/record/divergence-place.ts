import type { Divergence } from "./measured.ts";

/** What a divergence broke, as a sentence names it: `W2`, `the scores of layer 2`. */
export function divergencePlace({ layer, where }: Divergence): { readonly name: string; readonly isPlural: boolean } {
  // A parameter's name has its layer in it.
  if (where.endsWith(String(layer))) return { name: where, isPlural: false };
  return { name: `the ${where} of layer ${layer}`, isPlural: where === "scores" || where.endsWith("activations") };
}
