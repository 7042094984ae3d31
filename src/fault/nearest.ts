import { distance } from "fastest-levenshtein";

/** The name among `known` nearest to `word`, of several the one that begins like it, for "did you mean"; undefined when none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const limit = Math.max(2, Math.floor(word.length / 2));
  const ranked = known
    .map((name) => ({ name, away: distance(word.toLowerCase(), name.toLowerCase()) }))
    .filter(({ away }) => away <= limit)
    .sort((a, b) => a.away - b.away || commonStart(word, b.name) - commonStart(word, a.name));
  return ranked[0]?.name;
}

/** Characters until two names part. */
function commonStart(word: string, name: string): number {
  const parting = [...word].findIndex((character, at) => character !== name[at]);
  return parting < 0 ? word.length : parting;
}

/** `unknown "triangle"; did you mean "triangular"? known: constant, step-decay, triangular` */
export function unknownName(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  return `unknown "${word}"; ${near === undefined ? "" : `did you mean "${near}"? `}known: ${known.join(", ")}`;
}
