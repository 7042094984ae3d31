/** Cells of every table row of a Markdown text. */
export function rows(markdown: string): string[][] {
  return markdown
    .split("\n")
    .filter((line) => line.startsWith("|") && !line.startsWith("|---"))
    .map((line) => line.split(/(?<!\\)\|/).slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()));
}

/** What a cell says when all of it is code. */
export function code(cell: string | undefined): string | undefined {
  return cell?.match(/^`([^`]*)`$/)?.[1];
}

/** `series[].train.loss` for each value of a JSON document. What lies in `spec` is described elsewhere. */
export function fieldsOf(value: unknown, path = ""): string[] {
  if (typeof value !== "object" || value === null || path === "spec") return [path];
  if (Array.isArray(value)) {
    const items = value.filter((item) => typeof item === "object");
    return [path, ...new Set(items.flatMap((item) => fieldsOf(item, `${path}[]`)))];
  }
  return Object.entries(value).flatMap(([key, item]) => fieldsOf(item, path === "" ? key : `${path}.${key}`));
}

/** Whether a table has a row for a field, or one for what holds it that names the rest: `final` | ... `train` ... `loss`. */
export function explains(markdown: string, field: string): boolean {
  return rows(markdown).some(([first, ...others]) => {
    const key = code(first);
    if (key === field) return true;
    if (key === undefined || !/^[.[]/.test(field.slice(key.length)) || !field.startsWith(key)) return false;
    const rest = field.slice(key.length).match(/\w+/g) ?? [];
    return rest.every((part) => others.join(" ").includes(`\`${part}\``));
  });
}
