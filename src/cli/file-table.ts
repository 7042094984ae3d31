import type { FileDescription } from "../data/formats/read-dataset.node.ts";
import type { Console } from "./console.ts";

/** Classes listed by name; of more, the first and the last. */
const LISTED = 20;

/** Says what a data file is: what is in it, and the images if they can be trained on. */
export function sayFile(console: Console, { file, format, arrays, parts, dataset, refusal }: FileDescription): void {
  const rows = arrays.map(({ name, type, shape }) => ({
    cells: [name, type, shape === null ? "" : `[${shape.join(", ")}]`],
  }));
  const text = (header: string) => ({ header, kind: "text" }) as const;
  const table = {
    caption: `${file}: ${format}`,
    columns: [text("array"), text("type"), text("shape")],
    groups: [{ rows }],
    notes:
      parts.length > 0 ? [`Parts: ${parts.map((part) => `${file.replace(/#[^#]*$/, "")}#${part}`).join(", ")}`] : [],
    explanations: [],
  };
  if (rows.length === 0) console.say(`${file}: ${format}`);
  else console.table(table);
  console.say("");
  if (dataset === null) {
    console.say(`No images to train on: ${refusal?.complaint}\n${refusal?.remedy}`);
    return;
  }
  const { count, dimension, shape, classes, classCounts, reading } = dataset;
  const picture =
    shape === null ? "" : `, ${shape[1]} x ${shape[2]} in ${shape[0] === 1 ? "grey" : `${shape[0]} colours`}`;
  const classRows = classes.map((name, label) => ({ cells: [name, String(classCounts[label])] }));
  const listed = classRows.length <= LISTED ? classRows : [...classRows.slice(0, LISTED - 1), ...classRows.slice(-1)];
  console.table({
    caption: `${counted(count, "image")} of ${counted(dimension, "byte")}${picture}, ${counted(classes.length, "class", "classes")}`,
    columns: [text("class"), { header: "images", kind: "number" }],
    groups: [{ rows: listed }],
    notes: [
      ...(listed.length < classRows.length
        ? [`${classRows.length - listed.length} classes before the last are not shown.`]
        : []),
      ...reading,
    ],
    explanations: [],
  });
}

function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}
