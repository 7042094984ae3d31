// For pdflatex with inputenc's utf8 and fontenc's T1: what these lack is named by its code point, for an unknown
// character ends the compilation.

const lowercase = [
  ..."alpha beta gamma delta varepsilon zeta eta theta iota kappa lambda mu nu".split(" "),
  ..."xi o pi rho varsigma sigma tau upsilon varphi chi psi omega".split(" "),
];

const commands: Readonly<Record<string, string>> = {
  "\\": "\\textbackslash{}",
  "{": "\\{",
  "}": "\\}",
  $: "\\$",
  "&": "\\&",
  "#": "\\#",
  "%": "\\%",
  _: "\\_",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
  "<": "\\textless{}",
  ">": "\\textgreater{}",
  "|": "\\textbar{}",
  "`": "\\textasciigrave{}",
  // After the end of a row these would be its argument and its star.
  "[": "{[}",
  "]": "{]}",
  "*": "{*}",
  "\n": " ",
  "\r": " ",
  "\t": " ",
  "\u00a0": "~",
  "\u2009": "\\,",
  "\u202f": "\\,",
  "–": "--",
  "—": "---",
  "‘": "\\textquoteleft{}",
  "’": "\\textquoteright{}",
  "“": "\\textquotedblleft{}",
  "”": "\\textquotedblright{}",
  "…": "\\dots{}",
  "°": "\\textdegree{}",
  "§": "\\S{}",
  "²": "\\textsuperscript{2}",
  "³": "\\textsuperscript{3}",
  µ: "$\\mu$",
  "−": "$-$",
  "×": "$\\times$",
  "÷": "$\\div$",
  "±": "$\\pm$",
  "·": "$\\cdot$",
  "≤": "$\\leq$",
  "≥": "$\\geq$",
  "≠": "$\\neq$",
  "≈": "$\\approx$",
  "→": "$\\to$",
  "∞": "$\\infty$",
  "√": "$\\surd$",
  "∑": "$\\sum$",
  "∂": "$\\partial$",
  "∇": "$\\nabla$",
  ...Object.fromEntries(
    lowercase.map((name, index) => {
      const letter = String.fromCodePoint(0x3b1 + index);
      return [letter, name === "o" ? "$o$" : `$\\${name}$`];
    }),
  ),
  ...Object.fromEntries(
    ["ΓGamma", "ΔDelta", "ΘTheta", "ΛLambda", "ΞXi", "ΠPi", "ΣSigma", "ΥUpsilon", "ΦPhi", "ΨPsi", "ΩOmega"].map(
      (entry) => [entry[0], `$\\${entry.slice(1)}$`],
    ),
  ),
};

/** The letters beyond ASCII that the encoding T1 has a glyph for (Knappen 1990, the Cork encoding). */
const letters = /[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ffĂăĄąĆćČčĎďĐđĘęĚěĞğİıĹĺĽľŁłŃńŇňŐőŒœŔŕŘřŚśŞşŠšŢţŤťŮůŰűŸŹźŻżŽž]/;

/** One line of text as LaTeX sets it: no character of it is a command, a ligature or unknown. */
export function latexText(text: string): string {
  const characters = [...text.normalize("NFC")];
  return characters
    .map((character, index) => latexCharacter(character) + (joins(character, characters[index + 1]) ? "{}" : ""))
    .join("");
}

/** The same, with places to break words too long for a table's cell: names and hashes. */
export function breakableLatex(text: string): string {
  const parts = text.normalize("NFC").split(/(\S{32,})/u); // every second one is such a word
  return parts
    .flatMap((part, index) => (index % 2 === 0 ? latexText(part) : pieces(part).map(latexText).join("\\allowbreak{}")))
    .join("");
}

function pieces(word: string): readonly string[] {
  return word.match(/.{1,8}/gu) ?? [];
}

/** Text for a `verbatim` environment, which it cannot end. */
export function verbatimText(text: string): string {
  return [...text.normalize("NFC")]
    .map((character) => (/[\n\x20-\x7e]/.test(character) || letters.test(character) ? character : codePoint(character)))
    .join("")
    .replaceAll("\\end{verbatim}", "\\end {verbatim}");
}

function latexCharacter(character: string): string {
  const command = commands[character];
  if (command !== undefined) return command;
  if (/[\x20-\x7e]/.test(character) || letters.test(character)) return character;
  return latexText(codePoint(character));
}

/** `[U+5B66]` */
function codePoint(character: string): string {
  return `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}]`;
}

/** Whether two neighbours would become one sign: dashes, quotes, commas. */
function joins(character: string, next: string | undefined): boolean {
  if (next === undefined) return false;
  return /^[-–—]{2}$/u.test(character + next) || (character === next && (character === "'" || character === ","));
}
