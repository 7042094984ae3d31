/**
 * Controls, which move cursors and change colours; line and paragraph separators; what reverses or hides text (U+202E and
 * its like), but for the joiners of scripts and pictures; halves of characters.
 */
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]|(?![\u200c\u200d])\p{Cf}/gu;

/** Text that can move no cursor, change no colour and pretend to be no other: names come from files. */
export function printable(text: string): string {
  return text.replace(unprintable, "\ufffd");
}

/** JSON text of the same meaning in which every such character is written as an escape. */
export function printableJson(json: string): string {
  return json.replace(unprintable, (character) =>
    Array.from(
      { length: character.length },
      (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`,
    ).join(""),
  );
}
