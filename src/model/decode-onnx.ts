import { Fault } from "../fault/fault.ts";
import { limits } from "../files/limits.ts";
import { integersAt, type Message, messagesAt, readMessage, textsAt } from "../files/read-protobuf.ts";
import type { NamedTensors } from "../files/safetensors.ts";
import { shown } from "../files/unreadable.ts";
import type { ActivationDescription } from "../nn/activation.ts";
import { jsonOf, modelFrom } from "./decode-model.ts";
import type { Model } from "./model.ts";

// The graphs that `onnx.ts` writes, read back node by node. Whatever else ONNX can say is refused at the first node that is not so.

/** TensorProto.DataType of float32. */
const FLOAT = 1;

interface GraphNode {
  /** As a refusal names it: `node 3, Conv "features.0"`. */
  readonly label: string;
  readonly kind: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes: ReadonlyMap<string, number>;
}

interface Constant {
  readonly shape: readonly number[];
  readonly values: Float32Array<ArrayBuffer>;
}

const remedy =
  "give a file that `gradus export` wrote; of another network, save W and b as .npz and name what it was trained as: --trained-as";

/**
 * The models of a file of `encodeOnnx`: one, or those whose probabilities it averages. Their numbers are the file's, to the last bit;
 * a norm that was folded into the layers stays there.
 * @throws Fault `data` naming `place`, and the first node that is none of Gradus's
 */
export function decodeOnnx(bytes: Uint8Array, place: string): readonly Model[] {
  const file = readMessage(bytes, place);
  const [graph] = messagesAt(file, 7, place);
  if (graph === undefined) throw new Fault("data", place, "an ONNX file without a graph", remedy);
  const walk = walkOf(graph, place);
  const members: Member[] = [walk.member()];
  while (walk.next()?.kind === "Cast") members.push(walk.member());
  walk.end(members.map(({ probabilities }) => probabilities));
  const metadata = new Map(
    messagesAt(file, 14, place).map((entry) => [textsAt(entry, 1, place)[0], textsAt(entry, 2, place)[0] ?? ""]),
  );
  const [title = ""] = textsAt(graph, 2, place);
  const dtypes = (metadata.get("dtype") ?? "f32").split(", ");
  const models = members.map(({ tensors, classes, probabilities: _, ...form }, at) => {
    // Several that were trained in either precision are told by the widest: which is which, the file does not say.
    const dtype = dtypes.includes("f64") ? "f64" : "f32";
    const name = members.length === 1 ? title : `${title}, model ${at + 1}`;
    const shape = jsonOf(metadata.get("shape") ?? "");
    const description = { name, dataset: metadata.get("dataset") || "unknown", ...form, shape, dtype };
    const exact: NamedTensors = Object.fromEntries(
      Object.entries(tensors).map(([key, { shape: extents, values }]) => [
        key,
        { shape: extents, values: dtype === "f64" || isPreprocessing(key) ? Float64Array.from(values) : values },
      ]),
    );
    const texts = { description: JSON.stringify(description), classes: metadata.get("classes") ?? "" };
    const model = modelFrom(exact, texts, members.length === 1 ? place : `${place}, model ${at + 1}`);
    if (model.classes.length !== classes) {
      const complaint = `it computes ${classes} probabilities, and names ${model.classes.length} classes`;
      throw new Fault("data", place, complaint, remedy);
    }
    return model;
  });
  const other = models.find(({ dimension }) => dimension !== models[0].dimension);
  if (other !== undefined) {
    const complaint = `its models take images of ${models[0].dimension} and of ${other.dimension} bytes`;
    throw new Fault("data", place, complaint, remedy);
  }
  return models;
}

function isPreprocessing(name: string): boolean {
  return name === "scale" || name === "shift";
}

/** One network of a graph: what a model's description says of it, and its numbers. */
interface Member {
  readonly dimension: number;
  readonly hidden: readonly number[];
  readonly classes: number;
  readonly batchNorm?: Model["batchNorm"];
  readonly activation?: Exclude<ActivationDescription, { kind: "relu" }> | undefined;
  readonly residual?: true | undefined;
  readonly tensors: Readonly<Record<string, Constant>>;
  /** The name of what it comes to. */
  readonly probabilities: string;
}

/** Goes through the nodes of a graph, in their order, which is that in which they compute. */
function walkOf(graph: Message, place: string) {
  const nodes = messagesAt(graph, 1, place).map((node, index) => graphNode(node, index, place));
  const constants = new Map(
    messagesAt(graph, 5, place).map((tensor): [string, () => Constant] => {
      const [name = ""] = textsAt(tensor, 8, place);
      return [name, () => constantOf(tensor, name, place)];
    }),
  );
  const [images] = messagesAt(graph, 11, place).flatMap((input) => textsAt(input, 1, place));
  let at = 0;

  const next = (): GraphNode | undefined => nodes[at];
  const refuse = (expected: string): never => {
    const node = next();
    const complaint = `${node?.label ?? "the graph ends"}: expected ${expected}`;
    throw new Fault("data", place, `an ONNX graph that is none of Gradus's: ${complaint}`, remedy);
  };

  /** The next node, which must be `kind` of these inputs and attributes; what else it says must be absent. */
  const take = (kind: string, inputs: readonly string[], attributes: Readonly<Record<string, number>> = {}): string => {
    const node = next();
    const isSo =
      node?.kind === kind &&
      inputs.every((name, index) => node.inputs[index] === name) &&
      node.inputs.length === inputs.length &&
      node.attributes.size === Object.keys(attributes).length &&
      Object.entries(attributes).every(([name, value]) => node.attributes.get(name) === value);
    if (!isSo) refuse(`${kind} of ${inputs.map(shown).join(", ")}${attributesText(attributes)}`);
    at += 1;
    return (node as GraphNode).output;
  };

  /** The constant that the next node reads as its input `index`, of the shape given; undefined extents are free. */
  const constantAt = (index: number, shape: readonly (number | undefined)[]): Constant & { readonly name: string } => {
    const name = next()?.inputs[index] ?? "";
    const constant = constants.get(name)?.();
    const fits =
      constant?.shape.length === shape.length &&
      shape.every((extent, axis) => extent === undefined || extent === constant.shape[axis]);
    if (constant === undefined || !fits) {
      const extents = shape.map((extent) => extent ?? "n").join(", ");
      return refuse(`a constant of float32 [${extents}] as its input ${index + 1}`);
    }
    return { ...constant, name };
  };
  const scalarAt = (value: number): string => {
    const { name, values } = constantAt(1, []);
    if (values[0] !== Math.fround(value)) refuse(`the constant ${value}`);
    return name;
  };

  const gelu = (s: string): string => {
    const square = take("Mul", [s, s]);
    const cube = take("Mul", [square, s]);
    const bent = take("Mul", [cube, scalarAt(0.044715)]);
    const inner = take("Add", [s, bent]);
    const argument = take("Mul", [inner, scalarAt(2 * Math.sqrt(2 / Math.PI))]);
    return take("Mul", [s, take("Sigmoid", [argument])]);
  };

  const activate = (s: string): { output: string; activation: ActivationDescription } => {
    const node = next();
    switch (node?.kind) {
      case "LeakyRelu": {
        const slope = node.attributes.get("alpha") ?? 0.01;
        return { output: take("LeakyRelu", [s], { alpha: slope }), activation: { kind: "leaky-relu", slope } };
      }
      case "Tanh":
        return { output: take("Tanh", [s]), activation: { kind: "tanh" } };
      case "Mul":
        return { output: gelu(s), activation: { kind: "gelu" } };
      case "Relu":
        return { output: take("Relu", [s]), activation: { kind: "relu" } };
      default:
        return refuse(`Relu, LeakyRelu, Tanh or a gelu of ${shown(s)}`);
    }
  };

  const member = (): Member => {
    const tensors: Record<string, Constant> = {};
    const numbers = take("Cast", [images ?? ""], { to: FLOAT });
    const scale = constantAt(1, [undefined]);
    const scaled = take("Mul", [numbers, scale.name]);
    const [dimension] = scale.shape;
    const shift = constantAt(1, [dimension]);
    let x = take("Add", [scaled, shift.name]);
    const hidden: number[] = [];
    const forms: LayerForm[] = [];
    const norm = (input: string, layer: number, width: number): { output: string; eps: number } | undefined => {
      const node = next();
      if (node?.kind !== "BatchNormalization") return undefined;
      const names = ["gamma", "beta", "mean", "variance"].map((what, index) => {
        const { name, ...constant } = constantAt(index + 1, [width]);
        tensors[`${what}${layer}`] = constant;
        return name;
      });
      const eps = node.attributes.get("epsilon") ?? 1e-5;
      return { output: take("BatchNormalization", [input, ...names], { epsilon: eps }), eps };
    };
    for (let inputs = dimension, layer = 1; ; layer++) {
      const W = constantAt(1, [undefined, inputs]);
      const [out] = W.shape;
      const b = constantAt(2, [out]);
      tensors[`W${layer}`] = { shape: W.shape, values: W.values };
      tensors[`b${layer}`] = { shape: b.shape, values: b.values };
      const s = take("Gemm", [x, W.name, b.name], { transB: 1 });
      if (next()?.kind === "Softmax") {
        const probabilities = take("Softmax", [s], { axis: 1 });
        const all = { ...tensors, scale: bare(scale), shift: bare(shift) };
        return { dimension, hidden, classes: out, ...formOf(forms, place), tensors: all, probabilities };
      }
      const before = norm(s, layer, out);
      const { output, activation } = activate(before?.output ?? s);
      const after = before === undefined ? norm(output, layer, out) : undefined;
      let h = after?.output ?? output;
      const hasShortcut = layer > 1 && next()?.kind === "Add";
      if (hasShortcut) h = take("Add", [h, x]);
      const eps = before?.eps ?? after?.eps;
      const normPlace = before ? "before-relu" : after ? "after-relu" : undefined;
      forms.push({ activation, eps, place: normPlace, hasShortcut });
      hidden.push(out);
      [x, inputs] = [h, out];
    }
  };

  /** What follows the networks: their mean, where they are several, and the likeliest class. */
  const end = (probabilities: readonly string[]): void => {
    const [first] = probabilities;
    const all = probabilities.length === 1 ? first : take("Mean", probabilities);
    const label = take("ArgMax", [all], { axis: 1, keepdims: 0 });
    if (next() !== undefined) refuse("the end of the graph");
    const outputs = messagesAt(graph, 12, place).flatMap((output) => textsAt(output, 1, place));
    if (outputs.join("\n") !== [all, label].join("\n")) {
      const complaint = `its outputs are ${outputs.map(shown).join(", ")}, expected ${shown(all)}, ${shown(label)}`;
      throw new Fault("data", place, complaint, remedy);
    }
  };

  return { next, member, end };
}

function bare({ shape, values }: Constant): Constant {
  return { shape, values };
}

function attributesText(attributes: Readonly<Record<string, number>>): string {
  const texts = Object.entries(attributes).map(([name, value]) => `${name} ${value}`);
  return texts.length === 0 ? " and nothing else" : ` with ${texts.join(", ")}`;
}

/** What a hidden layer does with its scores. */
interface LayerForm {
  readonly activation: ActivationDescription;
  readonly place: "before-relu" | "after-relu" | undefined;
  readonly eps: number | undefined;
  readonly hasShortcut: boolean;
}

/** What all hidden layers have in common. @throws Fault `data` where they have it not */
function formOf(forms: readonly LayerForm[], place: string): Pick<Member, "batchNorm" | "activation" | "residual"> {
  const [first, ...rest] = forms;
  if (first === undefined) return {};
  const refuse = (what: string): never => {
    throw new Fault(
      "data",
      place,
      `an ONNX graph that is none of Gradus's: its hidden layers differ in ${what}`,
      remedy,
    );
  };
  const { activation } = first;
  if (rest.some((form) => JSON.stringify(form.activation) !== JSON.stringify(activation))) refuse("their activations");
  const residual = rest.some(({ hasShortcut }) => hasShortcut);
  if (residual && !rest.every(({ hasShortcut }) => hasShortcut)) refuse("their shortcuts");
  const normalised = forms.filter((form) => form.eps !== undefined);
  const isAll = normalised.length === forms.length;
  const isAllButLast = normalised.length === forms.length - 1 && forms.at(-1)?.eps === undefined;
  const [{ eps, place: where } = first] = normalised;
  if (normalised.some((form) => form.eps !== eps || form.place !== where)) refuse("their normalisation");
  if (normalised.length > 0 && !isAll && !isAllButLast) refuse("their normalisation");
  const layers = isAll ? ("all" as const) : ("all-but-last" as const);
  return {
    ...(eps !== undefined && where !== undefined && { batchNorm: { place: where, layers, affine: true, eps } }),
    ...(activation.kind !== "relu" && { activation }),
    ...(residual && { residual }),
  };
}

function graphNode(node: Message, index: number, place: string): GraphNode {
  const [kind = ""] = textsAt(node, 4, place);
  const [domain = ""] = textsAt(node, 7, place);
  const outputs = textsAt(node, 2, place);
  const [name = outputs[0] ?? ""] = textsAt(node, 3, place);
  const attributes = messagesAt(node, 5, place).map((attribute): [string, number] => {
    const [value] = [...(attribute.get(2) ?? []), ...(attribute.get(3) ?? [])];
    // What is no number is none that Gradus writes, and equal to nothing.
    return [textsAt(attribute, 1, place)[0] ?? "", typeof value?.value === "number" ? value.value : Number.NaN];
  });
  const isOwn = (domain === "" || domain === "ai.onnx") && outputs.length === 1;
  return {
    label: `node ${index + 1}, ${domain === "" ? "" : `${shown(domain)} `}${plain(kind)} ${shown(name)}`,
    kind: isOwn ? kind : "",
    inputs: textsAt(node, 1, place),
    output: outputs[0] ?? "",
    attributes: new Map(attributes),
  };
}

/** The name of an operator, without quotes. */
function plain(kind: string): string {
  return shown(kind).slice(1, -1);
}

/** @throws Fault `data` for what is no tensor of float32 whose bytes are in the file */
function constantOf(tensor: Message, name: string, place: string): Constant {
  const shape = integersAt(tensor, 1, place);
  const size = shape.reduce((product, extent) => product * extent, 1);
  const raw = tensor.get(9)?.[0]?.value;
  const isFloat = integersAt(tensor, 2, place)[0] === FLOAT;
  const isWhole = raw instanceof Uint8Array && raw.length === 4 * size && shape.length <= limits.axes;
  if (!isFloat || !isWhole) {
    const complaint = `constant ${shown(name)}: expected float32 [${shape.join(", ")}], with its bytes in the file`;
    throw new Fault("data", place, complaint, remedy);
  }
  return { shape, values: new Float32Array(Uint8Array.from(raw).buffer) };
}
