// A report has places for its author's own words. Each stands between two comments of its format, and what is written
// there is in the report again when it is made anew.

/** What the author has written, by the name of its place; markup of the report's own format. */
export type OwnWords = ReadonlyMap<string, string>;

type CommentStyle = "html" | "latex" | "typst";

const begin = (name: string) => `your words: ${name}`;
const end = (name: string) => `end of your words: ${name}`;

/** A place for own words, with what stands there. */
export function wordsPlace(name: string, words: OwnWords, style: CommentStyle): string {
  const written = words.get(name) ?? "";
  return [comment(begin(name), style), ...(written === "" ? [] : [written]), comment(end(name), style)].join("\n");
}

/** What was written into the places of an earlier report. */
export function wordsOf(report: string): OwnWords {
  const places = report.matchAll(
    /^(?:<!--|%|\/\/) your words: ([\w-]+)(?: -->)?\r?\n([\s\S]*?)^(?:<!--|%|\/\/) end of your words: \1(?: -->)?\r?$/gm,
  );
  return new Map([...places].map(([, name, written]) => [name, written.replace(/\s+$/, "")]));
}

function comment(text: string, style: CommentStyle): string {
  if (style === "html") return `<!-- ${text} -->`;
  return style === "latex" ? `% ${text}` : `// ${text}`;
}
