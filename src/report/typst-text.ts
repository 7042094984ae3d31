// For Typst every text of ours is a string, `#"..."`, in which nothing is markup; only the quantities that reports typeset stand
// between dollars.

const quantities: Readonly<Record<string, string>> = {
  n_s: "$n_s$",
  η_min: '$eta_"min"$',
  η_max: '$eta_"max"$',
  λ: "$lambda$",
  η: "$eta$",
};

/** Text as Typst sets it, and no character of it a command. */
export function typstText(text: string): string {
  return text
    .split(/(\bn_s\b|η_(?:min|max)\b|[λη](?![\p{L}_]))/gu)
    .filter((part) => part !== "")
    .map((part) => (Object.hasOwn(quantities, part) ? quantities[part] : `#${typstString(part)};`))
    .join("");
}

/** The same, with places to break words too long for a table's cell: names and hashes. */
export function breakableTypst(text: string): string {
  return typstText(text.replace(/\S{32,}/gu, (word) => word.replace(/.{8}/gu, "$&\u200b")));
}

/** A string of Typst's; what cannot be seen in it is named by its code point. */
export function typstString(text: string): string {
  const escaped = text.normalize("NFC").replace(/["\\]/g, "\\$&").replace(/\t/g, " ").replace(/\n/g, "\\n");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
  return `"${escaped.replace(/[\u0000-\u001f\u007f-\u009f\ud800-\udfff]/gu, "\ufffd")}"`;
}
