import { confusionCounts, type Predictions, surestMistakes, truthProbabilities } from "../model/predictions.ts";
import { classAccuracy } from "../plot/class-accuracy.ts";
import { confusion } from "../plot/confusion.ts";
import { imageGrid } from "../plot/image-grid.ts";
import { probabilityHistogram } from "../plot/probability-histogram.ts";
import { imagePng, templateImage } from "../plot/templates.ts";
import type { Spec } from "../record/spec.ts";
import { wilsonInterval } from "../stats/wilson.ts";
import type { ReportFigure } from "./report-figures.ts";
import { settingsLine } from "./settings-line.ts";

type ImageShape = readonly [channels: number, height: number, width: number];

/** What pictures of one run are made from. */
interface PictureMaterial {
  readonly spec: Spec;
  /** What a report's other runs do not begin their files' names with: `a-`. */
  readonly prefix?: string;
}

/** What a model says of its test images. */
export interface TestMaterial extends PictureMaterial {
  readonly predictions: Predictions;
  readonly images: Uint8Array; // [n, dimension]
  /** Absent where nothing says how an image's bytes are a picture. */
  readonly shape?: ImageShape | undefined;
}

/** Weights of the first layer, [nodes, dimension]. */
export interface TemplateMaterial extends PictureMaterial {
  readonly weights: { readonly shape: readonly number[]; readonly values: Float32Array | Float64Array };
  readonly shape: ImageShape;
  readonly classes: readonly string[];
}

/** Templates in one figure, at most: the first nodes. */
const mostTemplates = 50;

export function templatesFigure({ spec, prefix = "", weights, shape, classes }: TemplateMaterial): ReportFigure {
  const [nodes, dimension] = weights.shape;
  const isOneLayer = spec.network.hidden.length === 0;
  const count = Math.min(nodes, mostTemplates);
  const images = Array.from({ length: count }, (_, node) => {
    const png = templateImage(weights.values.subarray(node * dimension, (node + 1) * dimension), shape);
    return { png, lines: isOneLayer ? [classes[node]] : [] };
  });
  const whose = isOneLayer
    ? "one a class"
    : `one a hidden node${count < nodes ? `, the first ${count} of ${nodes}` : ""}`;
  const title = `first-layer weights of ${spec.name} as images`;
  const description = `${count} templates, ${whose}.`;
  return {
    name: `${prefix}templates`,
    title,
    draw: (layout) => imageGrid({ ...layout, images, columns: isOneLayer ? 10 : 17, title, description }),
    caption: `First-layer weights as images, ${whose}; each scaled from its smallest weight to its largest. ${settingsLine(spec)}.`,
  };
}

export function confusionFigure({ spec, prefix = "", predictions }: TestMaterial): ReportFigure {
  const title = `confusion matrix of ${spec.name} on the test images`;
  const counts = confusionCounts(predictions);
  return {
    name: `${prefix}confusion`,
    title,
    isNarrow: true,
    draw: (layout) => confusion({ ...layout, classes: predictions.classes, counts, title }),
    caption: `Test images by their class (rows) and the class they are taken for (columns). ${settingsLine(spec)}.`,
  };
}

export function classesFigure({ spec, prefix = "", predictions }: TestMaterial): ReportFigure {
  const title = `accuracy of ${spec.name} by class, on the test images`;
  const counts = confusionCounts(predictions);
  const classes = predictions.classes.flatMap((name, label) => {
    const images = counts[label].reduce((sum, count) => sum + count, 0);
    if (images === 0) return [];
    const accuracy = counts[label][label] / images;
    const [low, high] = wilsonInterval(accuracy, images);
    return [{ name, accuracy, low, high }];
  });
  return {
    name: `${prefix}classes`,
    title,
    isNarrow: true,
    draw: (layout) => classAccuracy({ ...layout, classes, title }),
    caption: `Test accuracy of each class, with Wilson's 95 % interval for its number of images. ${settingsLine(spec)}.`,
  };
}

export function probabilitiesFigure({ spec, prefix = "", predictions }: TestMaterial): ReportFigure {
  const title = `what ${spec.name} gives the right class of the test images`;
  const { right, wrong } = truthProbabilities(predictions);
  return {
    name: `${prefix}probabilities`,
    title,
    isNarrow: true,
    draw: (layout) => probabilityHistogram({ ...layout, right, wrong, title }),
    caption: `Test images by the probability that the network gives their right class. ${settingsLine(spec)}.`,
  };
}

/** Of images that are pictures; undefined where none is wrong. */
export function mistakesFigure({
  spec,
  prefix = "",
  predictions,
  images,
  shape,
}: TestMaterial): ReportFigure | undefined {
  const mistakes = surestMistakes(predictions, 10);
  if (mistakes.length === 0 || shape === undefined) return undefined;
  const { classes } = predictions;
  const dimension = images.length / predictions.labels.length;
  const pictures = mistakes.map(({ image, label, predicted, probability }) => ({
    png: imagePng(images.subarray(image * dimension, (image + 1) * dimension), shape),
    lines: [classes[predicted], `${(100 * probability).toFixed(0)} %`, `is ${classes[label]}`],
  }));
  const title = `test images that ${spec.name} gets most surely wrong`;
  const [surest] = mistakes;
  const description = `The surest is ${classes[surest.label]} ${surest.image}, taken for ${classes[surest.predicted]}.`;
  return {
    name: `${prefix}mistakes`,
    title,
    isNarrow: true,
    draw: (layout) => imageGrid({ ...layout, images: pictures, columns: 5, title, description }),
    caption: `Test images that the network gets most surely wrong: the class it predicts with its probability, and the right one. ${settingsLine(spec)}.`,
  };
}
