/** One drawn element of a figure of this room, with the style its light rules give it. */
export interface Shape {
  readonly name: "path" | "circle" | "rect" | "text" | "image";
  readonly attributes: Readonly<Record<string, string>>;
  /** What a text says. */
  readonly text: string;
  /** CSS declarations, e.g. `stroke-width` to `2`. */
  readonly style: ReadonlyMap<string, string>;
}

interface Shapes {
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly Shape[];
}

interface Rule {
  readonly tag: string;
  readonly classes: readonly string[];
  readonly declarations: readonly (readonly [string, string])[];
}

const drawn = /<(path|circle|rect|text|image)((?: [\w-]+="[^"]*")*)(?:\/>|>([^<]*)<\/text>)/g;
const known = new Set(["svg", "title", "desc", "style", "path", "circle", "rect", "text", "image"]);

/**
 * The elements of an SVG figure that this room drew, in their order: what other formats are made from.
 * @throws RangeError for elements that no figure of this room has.
 */
export function shapesOf(svg: string): Shapes {
  const [, width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg) ?? [];
  const strange = [...svg.matchAll(/<([a-z][\w:-]*)/gi)].find(([, name]) => !known.has(name));
  if (width === undefined || strange !== undefined) {
    throw new RangeError(
      `not a figure of this room: ${strange === undefined ? "no viewBox" : `it has a ${strange[1]}`}`,
    );
  }
  const rules = rulesOf(/<style>([^<]*)<\/style>/.exec(svg)?.[1] ?? "");
  const shapes = [...svg.matchAll(drawn)].map(([, name, written, content = ""]) => {
    const attributes = Object.fromEntries(
      [...written.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, key, value]) => [key, plain(value)]),
    );
    const style = styleOf(name, (attributes.class ?? "").split(" "), rules);
    return { name: name as Shape["name"], attributes, text: plain(content), style };
  });
  return { width: Number(width), height: Number(height), shapes };
}

/** The rules outside media queries, the less specific first: later ones win. */
function rulesOf(sheet: string): readonly Rule[] {
  const light = sheet.replace(/@media[^{]*\{(?:[^{}]*\{[^{}]*\})*\s*\}/g, "");
  const rules = [...light.matchAll(/([^{}]+)\{([^{}]*)\}/g)].flatMap(([, selectors, body]) =>
    selectors.split(",").map((selector) => {
      const [tag, ...classes] = selector.trim().replace(".gradus-figure ", "").split(".");
      const declarations = body.split(";").map((declaration) => declaration.split(":") as [string, string]);
      return { tag, classes, declarations };
    }),
  );
  return rules.toSorted((a, b) => a.classes.length - b.classes.length || a.tag.length - b.tag.length);
}

function styleOf(name: string, classes: readonly string[], rules: readonly Rule[]): ReadonlyMap<string, string> {
  const matching = rules.filter(
    (rule) => (rule.tag === "" || rule.tag === name) && rule.classes.every((className) => classes.includes(className)),
  );
  return new Map(matching.flatMap(({ declarations }) => declarations));
}

const entities: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
};

function plain(markup: string): string {
  return markup.replace(/&[^;]+;/g, (entity) => entities[entity] ?? entity);
}
