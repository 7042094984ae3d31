// Just enough of ONNX, written from its specification alone, to run the files that Gradus writes: protocol buffers are
// decoded field by field, and every operator is the obvious loop in float64.

/** Fields of a message by their numbers: whole numbers and floats as numbers, all else as bytes. */
type Fields = Record<number, (number | Uint8Array)[]>;

interface Value {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

interface Node {
  readonly kind: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, number>>;
}

export interface OnnxFile {
  readonly irVersion: number;
  readonly opset: number;
  readonly producer: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Name, data type and extents (a text where free) of what goes in and comes out, inputs first. */
  readonly signature: readonly (readonly [name: string, type: number, extents: readonly (number | string)[]])[];
  readonly nodes: readonly Node[];
  readonly constants: Readonly<Record<string, Value>>;
}

export function readOnnx(file: Uint8Array): OnnxFile {
  const model = decode(file);
  const graph = decode(only(model, 7));
  return {
    irVersion: number(model, 1),
    opset: number(decode(only(model, 8)), 2),
    producer: text(model, 2),
    metadata: Object.fromEntries(messages(model, 14).map((entry) => [text(entry, 1), text(entry, 2)])),
    signature: [...messages(graph, 11), ...messages(graph, 12)].map((value) => {
      const tensor = decode(only(decode(only(value, 2)), 1));
      const extents = messages(decode(only(tensor, 2)), 1).map((dim) => (dim[1] ? number(dim, 1) : text(dim, 2)));
      return [text(value, 1), number(tensor, 1), extents] as const;
    }),
    nodes: messages(graph, 1).map((node) => ({
      kind: text(node, 4),
      inputs: (node[1] ?? []).map(asText),
      outputs: (node[2] ?? []).map(asText),
      attributes: Object.fromEntries(
        messages(node, 5).map((attribute) => {
          // AttributeProto: FLOAT in field 2, INT in field 3.
          const type = number(attribute, 20);
          if (type !== 1 && type !== 2) throw new Error(`an attribute of type ${type}`);
          return [text(attribute, 1), number(attribute, type === 1 ? 2 : 3)];
        }),
      ),
    })),
    constants: Object.fromEntries(
      messages(graph, 5).map((tensor) => {
        if (number(tensor, 2) !== 1) throw new Error("a constant that is not float32");
        const values = Float64Array.from(new Float32Array(new Uint8Array(only(tensor, 9)).buffer));
        return [text(tensor, 8), { shape: (tensor[1] ?? []).map(Number), values }];
      }),
    ),
  };
}

/** Everything that the graph computes for images [batch, dimension]. */
export function runOnnx({ nodes, constants }: OnnxFile, images: Uint8Array, batch: number): Record<string, Value> {
  const known: Record<string, Value> = {
    ...constants,
    images: { shape: [batch, images.length / batch], values: Float64Array.from(images) },
  };
  for (const { kind, inputs, outputs, attributes } of nodes) {
    const operands = inputs.map((name) => {
      if (known[name] === undefined) throw new Error(`${kind} reads ${name}, which is not computed yet`);
      return known[name];
    });
    known[outputs[0]] = operators[kind](operands, attributes);
  }
  return known;
}

const operators: Record<string, (inputs: readonly Value[], attributes: Readonly<Record<string, number>>) => Value> = {
  Cast: ([x]) => x,
  Mul: ([x, y]) => broadcast(x, y, (a, b) => a * b),
  Add: ([x, y]) => broadcast(x, y, (a, b) => a + b),
  LeakyRelu: ([x], { alpha }) => byColumn(x, (value) => (value > 0 ? value : alpha * value)),
  Tanh: ([x]) => byColumn(x, Math.tanh),
  Sigmoid: ([x]) => byColumn(x, (value) => 1 / (1 + Math.exp(-value))),
  Mean: (inputs) => ({
    shape: inputs[0].shape,
    values: inputs[0].values.map((_, at) => inputs.reduce((sum, { values }) => sum + values[at], 0) / inputs.length),
  }),
  Relu: ([x]) => byColumn(x, (value) => Math.max(0, value)),
  BatchNormalization: ([x, scale, bias, mean, variance], { epsilon }) =>
    byColumn(x, (value, k) => {
      const centred = value - mean.values[k];
      return (centred / Math.sqrt(variance.values[k] + epsilon)) * scale.values[k] + bias.values[k];
    }),
  Gemm: ([x, w, b], { transB }) => {
    const [n, inputs] = x.shape;
    const [out, width] = w.shape;
    if (transB !== 1 || width !== inputs) throw new Error(`Gemm of [${x.shape}] and [${w.shape}], transB ${transB}`);
    const values = new Float64Array(n * out);
    for (let j = 0; j < n; j++) {
      for (let i = 0; i < out; i++) {
        let sum = b.values[i];
        for (let k = 0; k < inputs; k++) sum += x.values[j * inputs + k] * w.values[i * inputs + k];
        values[j * out + i] = sum;
      }
    }
    return { shape: [n, out], values };
  },
  Softmax: (inputs) =>
    byRow(inputs[0], (row) => {
      const powers = row.map((value) => Math.exp(value - Math.max(...row)));
      return powers.map((value) => value / powers.reduce((sum, power) => sum + power, 0));
    }),
  ArgMax: (inputs) => byRow(inputs[0], (row) => Float64Array.of(row.indexOf(Math.max(...row)))),
};

/** y of the same shape, of one row, or a scalar. */
function broadcast(x: Value, y: Value, map: (a: number, b: number) => number): Value {
  const values = new Float64Array(x.values.length);
  // A loop: `map` takes several times as long.
  for (let at = 0; at < values.length; at++) values[at] = map(x.values[at], y.values[at % y.values.length]);
  return { shape: x.shape, values };
}

function byColumn({ shape, values }: Value, map: (value: number, column: number) => number): Value {
  return { shape, values: values.map((value, at) => map(value, at % shape[1])) };
}

function byRow({ shape: [n, width], values }: Value, map: (row: Float64Array) => Float64Array): Value {
  const rows = Array.from({ length: n }, (_, j) => map(values.slice(j * width, (j + 1) * width)));
  return { shape: [n, rows[0].length], values: Float64Array.from(rows.flatMap((row) => [...row])) };
}

function decode(bytes: Uint8Array): Fields {
  const fields: Fields = {};
  let at = 0;
  const varint = () => {
    let [value, weight] = [0, 1];
    for (;;) {
      const byte = bytes[at++];
      value += (byte & 127) * weight;
      if (byte < 128) return value;
      weight *= 128;
    }
  };
  const take = (length: number) => {
    if (at + length > bytes.length) throw new Error("a field beyond the end of its message");
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const key = varint();
    const [field, kind] = [Math.floor(key / 8), key % 8];
    if (kind !== 0 && kind !== 2 && kind !== 5) throw new Error(`a field of kind ${kind}`);
    const float = () => new DataView(new Uint8Array(take(4)).buffer).getFloat32(0, true);
    const value = kind === 0 ? varint() : kind === 2 ? take(varint()) : float();
    fields[field] = [...(fields[field] ?? []), value];
  }
  return fields;
}

function messages(fields: Fields, field: number): Fields[] {
  return (fields[field] ?? []).map((value) => decode(value as Uint8Array));
}

function only(fields: Fields, field: number): Uint8Array {
  if (fields[field]?.length !== 1) throw new Error(`field ${field} is there ${fields[field]?.length ?? 0} times`);
  return fields[field][0] as Uint8Array;
}

function number(fields: Fields, field: number): number {
  return Number(fields[field]?.[0]);
}

function text(fields: Fields, field: number): string {
  return asText(only(fields, field));
}

function asText(value: number | Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(value as Uint8Array);
}
