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

/** The JSON Schema of a spec, with these as defaults: a form or an editor shows what a key that is left out stands for. */
export function withLeftOut<Schema extends object>(schema: Schema): Schema {
  put(schema, "");
  return schema;
}

function put(node: Node, path: string): void {
  if (leftOut[path] !== undefined) node.default = leftOut[path];
  for (const branch of [...(node.oneOf ?? []), ...(node.anyOf ?? [])]) {
    for (const [key, inner] of Object.entries(branch.properties ?? {})) put(inner, `${path}.${key}`);
  }
  for (const [key, inner] of Object.entries(node.properties ?? {})) put(inner, path === "" ? key : `${path}.${key}`);
}
