import { z } from "zod";
import { specSchema } from "./spec.ts";

/**
 * What a key that is left out is the same as, where its schema has no default: it stays out of the spec that is kept, so that specs
 * from before the key was there are what they were.
 */
export const leftOut: Readonly<Record<string, unknown>> = {
  "network.activation": "relu",
  "network.slope": 0.01,
  "network.residual": false,
  "network.batchNorm.statistics": "running",
  "training.loss": { kind: "softmax" },
  "training.schedule.decay": 1,
};

/** What of a JSON Schema holds others. */
interface Node {
  default?: unknown;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly oneOf?: readonly Node[];
  readonly anyOf?: readonly Node[];
}

/** The JSON Schema of a spec as it is written, with these as defaults: a form or an editor shows what a key that is left out stands for. */
export function writtenSpecSchema(target: "draft-7" | "draft-2020-12" = "draft-2020-12"): object {
  const schema = z.toJSONSchema(specSchema, { io: "input", target });
  put(schema as Node, "");
  return schema;
}

function put(holder: Node, above: string): void {
  for (const { properties = {} } of [holder, ...(holder.oneOf ?? []), ...(holder.anyOf ?? [])]) {
    for (const [key, inner] of Object.entries(properties)) {
      const path = above === "" ? key : `${above}.${key}`;
      if (leftOut[path] !== undefined) inner.default = leftOut[path];
      put(inner, path);
    }
  }
}
