import { Fault } from "../fault/fault.ts";
import { bytes, type Field, float, integer, message, text } from "../files/protobuf.ts";
import { foldBatchNorm, layersOf } from "./fold-batch-norm.ts";
import type { Model } from "./model.ts";

// The messages of ONNX: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3, whose field numbers these are.

/** Operators as of opset 17, in the file format of that release (ONNX 1.12). */
const [OPSET, IR_VERSION] = [17, 8];

/** TensorProto.DataType. */
const types = { float: 1, uint8: 2, int64: 7 } as const;

interface OnnxOptions {
  /**
   * Whether batch normalisation becomes part of the layers (`fold`) or stays an operator of its own (`keep`); it stays where it
   * comes after the activation of layers with shortcuts, which lead around the next layer.
   */
  readonly batchNorm?: "fold" | "keep";
}

/**
 * The model, or several as one with the mean of their probabilities, as an ONNX file: from the bytes of images, `images` uint8 [batch, dimension], to `probabilities`
 * float32 [batch, classes] and `label` int64 [batch], with the preprocessing inside.
 * @throws Fault `usage` for a model with adaptive statistics
 */
export function encodeOnnx(model: Model | readonly Model[], { batchNorm = "fold" }: OnnxOptions = {}): Uint8Array {
  const models: readonly Model[] = "weights" in model ? [model] : model;
  const adaptive = models.find(({ batchNorm: norm }) => norm?.statistics === "adaptive");
  if (adaptive !== undefined) {
    const complaint =
      "it normalises images by the statistics of all that it is given, and a graph takes any number of them";
    throw new Fault("usage", adaptive.name, complaint, "write .safetensors or .npz; or train with statistics: precise");
  }
  const [{ dimension, shape, classes }] = models;
  const distinct = (texts: readonly string[]) => [...new Set(texts)].join(", ");
  const names = distinct(models.map((member) => member.name));
  const name = models.length === 1 ? names : `${models.length} models (${names})`;
  const dataset = distinct(models.map((member) => member.dataset));
  const dtype = distinct(models.map((member) => member.dtype));
  const bytesOfAnImage =
    shape === undefined ? `${dimension} bytes each` : `${shape.join(" x ")} bytes each: channels, rows, columns`;
  const documented = (value: Field, doc: string) => message(value, text(3, doc));
  const graphs = models.map((member, at) => {
    const isBetween = member.residual === true && member.batchNorm?.place === "after-relu";
    return operators(member, isBetween ? "keep" : batchNorm, models.length === 1 ? "" : `${at + 1}/`);
  });
  const mean = node(
    "Mean",
    graphs.map(({ probabilities }) => probabilities),
    "probabilities",
    [],
  );
  const nodes = [
    ...graphs.flatMap((each) => each.nodes),
    ...(models.length === 1 ? [] : [mean]),
    node("ArgMax", ["probabilities"], "label", [integerAttribute("axis", 1), integerAttribute("keepdims", 0)]),
  ];
  const constants = graphs.flatMap((each) => each.constants);
  const graph = message(
    ...nodes.map((node) => bytes(1, node)),
    text(2, name),
    ...constants.map((tensor) => bytes(5, tensor)),
    text(10, `From the bytes of images to the probabilities of ${classes.length} classes.`),
    bytes(11, documented(valueInfo("images", types.uint8, [dimension]), `Images, ${bytesOfAnImage}.`)),
    bytes(12, documented(valueInfo("probabilities", types.float, [classes.length]), "One a class; they sum to 1.")),
    bytes(12, documented(valueInfo("label", types.int64, []), "The number of the likeliest class, from 0.")),
  );
  const metadata = {
    classes: JSON.stringify(classes),
    dataset,
    dtype,
    ...(models.length === 1 ? {} : { models: String(models.length) }),
    ...(shape === undefined ? {} : { shape: JSON.stringify(shape) }),
  };
  return message(
    integer(1, IR_VERSION),
    text(2, "gradus"),
    text(
      6,
      `${name}: ${models.length === 1 ? "a classifier" : "an ensemble"} trained on ${dataset}, with its preprocessing inside.`,
    ),
    bytes(7, graph),
    bytes(8, message(text(1, ""), integer(2, OPSET))),
    ...Object.entries(metadata).map(([key, value]) => bytes(14, message(text(1, key), text(2, value)))),
  );
}

interface Graph {
  readonly nodes: Uint8Array[];
  readonly constants: Uint8Array[];
  /** The name of what it comes to. */
  readonly probabilities: string;
}

/** What the graph computes, in order, and the numbers it computes with. */
function operators(model: Model, batchNorm: "fold" | "keep", prefix: string): Graph {
  const { dimension, preprocessing, weights } = model;
  const nodes: Uint8Array[] = [];
  const constants: Uint8Array[] = [];
  const constant = (name: string, shape: readonly number[], values: ArrayLike<number>) => {
    constants.push(floatTensor(prefix + name, shape, values));
    return prefix + name;
  };
  const operator = (kind: string, inputs: readonly string[], output: string, attributes: readonly Field[] = []) => {
    nodes.push(node(kind, inputs, prefix + output, attributes));
    return prefix + output;
  };
  const scalar = (name: string, value: number) => constant(name, [], [value]);
  const activate = (s: string, layer: number): string => {
    const output = `h${layer}`;
    const { activation = { kind: "relu" } } = model;
    switch (activation.kind) {
      case "relu":
        return operator("Relu", [s], output);
      case "leaky-relu":
        return operator("LeakyRelu", [s], output, [floatAttribute("alpha", activation.slope)]);
      case "tanh":
        return operator("Tanh", [s], output);
      case "gelu": {
        // s sigmoid(2 sqrt(2 / pi) (s + 0.044715 s^3)): an operator Gelu comes with opset 20.
        const own = (name: string) => `${name}${layer}`;
        const square = operator("Mul", [s, s], own("square"));
        const cube = operator("Mul", [square, s], own("cube"));
        const bent = operator("Mul", [cube, scalar(own("bend"), 0.044715)], own("bent"));
        const inner = operator("Add", [s, bent], own("inner"));
        const scaled = operator("Mul", [inner, scalar(own("rate"), 2 * Math.sqrt(2 / Math.PI))], own("argument"));
        return operator("Mul", [s, operator("Sigmoid", [scaled], own("gate"))], output);
      }
    }
  };
  const normalise = (x: string, layer: number) => {
    const valuesOf = (name: string) => weights[`${name}${layer}`]?.values;
    const [mean, variance] = [valuesOf("mean"), valuesOf("variance")];
    if (model.batchNorm === undefined || mean === undefined || variance === undefined) return x;
    const width = mean.length;
    const known = [
      constant(`gamma${layer}`, [width], valuesOf("gamma") ?? new Float64Array(width).fill(1)),
      constant(`beta${layer}`, [width], valuesOf("beta") ?? new Float64Array(width)),
      constant(`mean${layer}`, [width], mean),
      constant(`variance${layer}`, [width], variance),
    ];
    const eps = floatAttribute("epsilon", model.batchNorm.eps);
    return operator("BatchNormalization", [x, ...known], `normalised${layer}`, [eps]);
  };

  const numbers = operator("Cast", ["images"], "bytes", [integerAttribute("to", types.float)]);
  const scaled = operator("Mul", [numbers, constant("scale", [dimension], preprocessing.scale)], "scaled");
  let x = operator("Add", [scaled, constant("shift", [dimension], preprocessing.shift)], "x");
  const layers = batchNorm === "fold" ? foldBatchNorm(model) : layersOf(model);
  for (const [index, { out, inputs, W, b }] of layers.entries()) {
    const layer = index + 1;
    const isLast = layer === layers.length;
    const parameters = [constant(`W${layer}`, [out, inputs], W), constant(`b${layer}`, [out], b)];
    const read = x;
    x = operator("Gemm", [x, ...parameters], isLast ? "scores" : `s${layer}`, [integerAttribute("transB", 1)]);
    if (isLast) break;
    const isKept = batchNorm === "keep";
    if (isKept && model.batchNorm?.place === "before-relu") x = normalise(x, layer);
    x = activate(x, layer);
    if (isKept && model.batchNorm?.place === "after-relu") x = normalise(x, layer);
    if (model.residual && index > 0) x = operator("Add", [x, read], `sum${layer}`);
  }
  const probabilities = operator("Softmax", [x], "probabilities", [integerAttribute("axis", 1)]);
  return { nodes, constants, probabilities };
}

/** output = kind(inputs); NodeProto. */
function node(kind: string, inputs: readonly string[], output: string, attributes: readonly Field[]): Uint8Array {
  return message(
    ...inputs.map((name) => text(1, name)),
    text(2, output),
    text(3, output),
    text(4, kind),
    ...attributes.map((attribute) => bytes(5, attribute)),
  );
}

function integerAttribute(name: string, value: number): Field {
  return message(text(1, name), integer(3, value), integer(20, 2));
}

function floatAttribute(name: string, value: number): Field {
  return message(text(1, name), float(2, value), integer(20, 1));
}

/** TensorProto, rounded once to float32. */
function floatTensor(name: string, shape: readonly number[], values: ArrayLike<number>): Uint8Array {
  const raw = new Uint8Array(Float32Array.from(values).buffer);
  return message(...shape.map((extent) => integer(1, extent)), integer(2, types.float), text(8, name), bytes(9, raw));
}

/** ValueInfoProto of a tensor [batch, ...shape], for any batch. */
function valueInfo(name: string, type: number, shape: readonly number[]): Uint8Array {
  const extents = [text(2, "batch"), ...shape.map((extent) => integer(1, extent))];
  const tensor = message(integer(1, type), bytes(2, message(...extents.map((extent) => bytes(1, extent)))));
  return message(text(1, name), bytes(2, bytes(1, tensor)));
}
