/** Characters that a terminal shows in two columns: East Asian wide and full-width (Unicode 16, UAX 11), and pictures. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;

/** Marks that stand on the character before them, and joiners. */
const markOnly = /^[\p{Mn}\p{Me}\p{Cf}]*$/u;

/** Columns that a text takes on a terminal. */
export function textWidth(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  return characters(text).reduce((columns, character) => columns + characterWidth(character), 0);
}

/** The first characters of a text that fit into so many columns, one at least, and what remains. */
export function splitAt(text: string, columns: number): readonly [first: string, rest: string] {
  const all = characters(text);
  let [count, used] = [0, 0];
  while (count < all.length && (count === 0 || used + characterWidth(all[count]) <= columns)) {
    used += characterWidth(all[count]);
    count += 1;
  }
  return [all.slice(0, count).join(""), all.slice(count).join("")];
}

/** What people call characters: a letter with its accents, a flag, a family. */
function characters(text: string): string[] {
  // Made when it is needed: the first one takes as long as all else that a small command loads.
  const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });
  return Array.from(graphemes.segment(text), ({ segment }) => segment);
}

function characterWidth(character: string): number {
  if (markOnly.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}
