/** What may follow an attribute's name; `undefined` leaves the attribute out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

// What XML 1.0 has no way to write (section 2.2): lone surrogates and most control characters.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to find
const unwritable = /[\p{Surrogate}\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/gu;

/** Text as it may stand between tags or in a quoted attribute, of SVG and of HTML alike. */
export function escapeMarkup(text: string): string {
  return text.replace(unwritable, "\ufffd").replace(/[&<>"']/g, (character) => entities[character]);
}

/**
 * One element as text. The children are markup already: escape what is not.
 * Numbers are written to a hundredth, so that pictures do not depend on an engine's last digits.
 */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === "number" ? coordinate(value) : escapeMarkup(String(value))}"`)
    .join("");
  const content = children.filter((child) => child !== "");
  if (content.length === 0) return `<${name}${written}/>`;
  const line = content.some((child) => child.startsWith("<")) ? "\n" : "";
  return `<${name}${written}>${line}${content.join("\n")}${line}</${name}>`;
}

function coordinate(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`a picture cannot hold the coordinate ${value}`);
  return String(Math.round(value * 100) / 100 + 0); // + 0: no "-0"
}
