import { largestOf } from "../math/extremes.ts";

/** Lines of a listing that stand in one column. */
const tall = 12;
/** Characters that a line of two and of three columns has room for on paper. */
const room = [
  { columns: 3, characters: 36 },
  { columns: 2, characters: 55 },
];

/** Columns that a listing is set in on paper. */
export function listingColumns(text: string): number {
  const lines = text.split("\n");
  const longest = largestOf(lines.map((line) => line.length));
  return lines.length < tall ? 1 : (room.find(({ characters }) => longest <= characters)?.columns ?? 1);
}
