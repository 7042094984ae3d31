/** What a module asks for by `from "x"`, `import "x"`, `import("x")` or `new URL("x", import.meta.url)`. */
export interface Import {
  /** As written, e.g. `../math/device.ts`; undefined where `import()` is given something computed. */
  readonly target: string | undefined;
  /** Counted from 1. */
  readonly line: number;
}

const gap = String.raw`(?:\s|//.*\n)*`;
const quoted = String.raw`(["'\x60])(?<target>[^"'\x60$\s]+)\1`;
// A template names a module in a call only: in "from `min` to `max`" it is a text's.
const plainlyQuoted = String.raw`(["'])(?<target>[^"'\x60$\s]+)\1`;
const forms = [
  String.raw`\b(?:from|import)${gap}${plainlyQuoted}`,
  String.raw`\bimport${gap}\(${gap}(?:${quoted}${gap}[,)])?`,
  String.raw`\bnew${gap}URL${gap}\(${gap}${quoted}${gap},${gap}import\.meta\.url`,
].map((form) => new RegExp(form, "g"));

/**
 * The imports of a TypeScript source, type imports and re-exports among them, in order.
 * It reads text, not syntax: a string that looks like an import counts as one, so that none can hide.
 */
export function importsOf(source: string): Import[] {
  const code = withoutComments(source);
  return forms
    .flatMap((form) => [...code.matchAll(form)])
    .sort((a, b) => a.index - b.index)
    .map(({ groups, index }) => ({ target: groups?.target, line: code.slice(0, index).split("\n").length }));
}

/** The source with comments blanked that lie on one line or fill lines, as in a docstring; lines keep their numbers. */
export function withoutComments(source: string): string {
  return source.replace(/\/\*.*?\*\//g, "").replace(/^[ \t]*(?:\/\/|\/\*|\*).*$/gm, "");
}
