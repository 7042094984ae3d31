import type { FileDescription } from "../data/formats/read-dataset.node.ts";
import { consoleTable } from "../report/console-table.ts";

/** Classes listed by name; of more, the first and the last. */
const LISTED = 20;

/** What a data file is, for the screen: what is in it, and the images if they can be trained on. */
export function fileTable({ file, format, arrays, parts, dataset, refusal }: FileDescription): string {
  const rows = arrays.map(({ name, type, shape }) => ({
    cells: [name, type, shape === null ? "" : `[${shape.join(", ")}]`],
  }));
  const text = (header: string) => ({ header, kind: "text" }) as const;
  const table = consoleTable({
    caption: `${file}: ${format}`,
    columns: [text("array"), text("type"), text("shape")],
    groups: [{ rows }],
    notes:
      parts.length > 0 ? [`Parts: ${parts.map((part) => `${file.replace(/#[^#]*$/, "")}#${part}`).join(", ")}`] : [],
    explanations: [],
  });
  const arraysText = rows.length === 0 ? `${file}: ${format}` : table;
  if (dataset === null) return `${arraysText}\n\nNo images to train on: ${refusal?.complaint}\n${refusal?.remedy}`;
  const { count, dimension, shape, classes, classCounts } = dataset;
  const picture =
    shape === null ? "" : `, ${shape[1]} x ${shape[2]} in ${shape[0] === 1 ? "grey" : `${shape[0]} colours`}`;
  const classRows = classes.map((name, label) => ({ cells: [name, String(classCounts[label])] }));
  const listed = classRows.length <= LISTED ? classRows : [...classRows.slice(0, LISTED - 1), ...classRows.slice(-1)];
  const classTable = consoleTable({
    caption: `${count} images of ${dimension} bytes${picture}, ${classes.length} classes`,
    columns: [text("class"), { header: "images", kind: "number" }],
    groups: [{ rows: listed }],
    notes:
      listed.length < classRows.length
        ? [`${classRows.length - listed.length} classes before the last are not shown.`]
        : [],
    explanations: [],
  });
  return `${arraysText}\n\n${classTable}`;
}
