// The few messages of ONNX's protocol buffers (onnx.proto3) that a model made of plain operators needs.

const float32 = 1;
const int64 = 7;

export type Attributes = Readonly<Record<string, number>>;

/** output, ... = operator(input, ...) */
export function node(
  operator: string,
  inputs: readonly string[],
  outputs: readonly string[],
  integers: Attributes = {},
  floats: Attributes = {},
): Uint8Array {
  return message(
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(4, operator),
    ...Object.entries(integers).map(([name, value]) =>
      bytes(5, message(text(1, name), integer(3, value), integer(20, 2))),
    ),
    ...Object.entries(floats).map(([name, value]) => bytes(5, message(text(1, name), float(2, value), integer(20, 1)))),
  );
}

/** A float32 tensor that goes in or comes out. */
export function value(name: string, shape: readonly number[]): Uint8Array {
  const extents = message(...shape.map((extent) => bytes(1, message(integer(1, extent)))));
  const tensor = message(integer(1, float32), bytes(2, extents));
  return message(text(1, name), bytes(2, message(bytes(1, tensor))));
}

/** A vector that is part of the model, or one number for shape []. */
export function constant(
  name: string,
  shape: readonly number[],
  numbers: readonly number[],
  whole = false,
): Uint8Array {
  const raw = whole ? BigInt64Array.from(numbers, BigInt) : Float32Array.from(numbers);
  return message(
    ...shape.map((extent) => integer(1, extent)),
    integer(2, whole ? int64 : float32),
    text(8, name),
    bytes(9, new Uint8Array(raw.buffer)),
  );
}

/** The whole model: opset 13, IR version 8. */
export function model(graph: {
  readonly nodes: readonly Uint8Array[];
  readonly constants: readonly Uint8Array[];
  readonly inputs: readonly Uint8Array[];
  readonly outputs: readonly Uint8Array[];
}): Uint8Array {
  const content = message(
    ...graph.nodes.map((part) => bytes(1, part)),
    text(2, "step"),
    ...graph.constants.map((part) => bytes(5, part)),
    ...graph.inputs.map((part) => bytes(11, part)),
    ...graph.outputs.map((part) => bytes(12, part)),
  );
  return message(integer(1, 8), bytes(7, content), bytes(8, message(text(1, ""), integer(2, 13))));
}

function message(...fields: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(fields);
}

function integer(field: number, value: number): Uint8Array {
  return Buffer.from([...variable(field << 3), ...variable(value)]);
}

function float(field: number, value: number): Uint8Array {
  return Buffer.concat([Buffer.from(variable((field << 3) | 5)), new Uint8Array(Float32Array.of(value).buffer)]);
}

function text(field: number, value: string): Uint8Array {
  return bytes(field, Buffer.from(value));
}

function bytes(field: number, value: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from([...variable((field << 3) | 2), ...variable(value.length)]), value]);
}

function variable(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...variable(Math.floor(value / 128))];
}
