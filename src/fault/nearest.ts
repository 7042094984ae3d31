import { distance } from "fastest-levenshtein";

/** The name among `known` nearest to `given`, of several the one that begins like it, for "did you mean"; undefined when none is near. */
export function nearest(given: string, known: readonly string[]): string | undefined {
  const limit = Math.max(2, Math.floor(given.length / 2));
  const ranked = known
    .map((name) => ({ name, away: distance(given.toLowerCase(), name.toLowerCase()) }))
    .filter(({ away }) => away <= limit)
    .sort((a, b) => a.away - b.away || commonStart(given, b.name) - commonStart(given, a.name));
  return ranked[0]?.name;
}

/** Characters until two names part. */
function commonStart(given: string, name: string): number {
  const parting = [...given].findIndex((character, at) => character !== name[at]);
  return parting < 0 ? given.length : parting;
}

/** `unknown "triangle"; did you mean "triangular"? known: constant, step-decay, triangular` */
export function unknownName(given: string, known: readonly string[]): string {
  const near = nearest(given, known);
  return `unknown "${given}"; ${near === undefined ? "" : `did you mean "${near}"? `}known: ${known.join(", ")}`;
}
