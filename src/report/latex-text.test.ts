import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { breakableLatex, latexText, verbatimText } from "./latex-text.ts";

// What each sequence prints, read without the table that wrote it.
const printed: readonly (readonly [RegExp, string])[] = [
  [/^\\textbackslash\{\}/, "\\"],
  [/^\\textasciitilde\{\}/, "~"],
  [/^\\textasciicircum\{\}/, "^"],
  [/^\\textasciigrave\{\}/, "`"],
  [/^\\textless\{\}/, "<"],
  [/^\\textgreater\{\}/, ">"],
  [/^\\textbar\{\}/, "|"],
  [/^\\allowbreak\{\}/, ""],
  [/^\{([[\]*])\}/, "$1"],
  [/^\{\}/, ""],
  [/^\\([{}$&#%_])/, "$1"],
  [/^[^\\{}$&#%_^~<>|`[\]*]/u, "$&"],
];

/** The text that LaTeX would print of ASCII; fails at a character that would be a command. */
function read(latex: string): string {
  let rest = latex;
  let text = "";
  while (rest !== "") {
    const rule = printed.find(([pattern]) => pattern.test(rest));
    if (rule === undefined) throw new Error(`bare ${rest.slice(0, 10)} in ${latex}`);
    const [matched] = rule[0].exec(rest) ?? [""];
    text += matched.replace(rule[0], rule[1]);
    rest = rest.slice(matched.length);
  }
  return text;
}

const ascii = fc.string({
  unit: fc.oneof(fc.constantFrom(..."\\{}$&#%_~^<>|`'\"[]*-,!?"), fc.constantFrom(..."ab 1.")),
});

describe("latexText", () => {
  test.each([
    ["100 % of $5 & #1_a {b}", "100 \\% of \\$5 \\& \\#1\\_a \\{b\\}"],
    ["C:\\temp~^", "C:\\textbackslash{}temp\\textasciitilde{}\\textasciicircum{}"],
    ["45.03–46.99", "45.03--46.99"],
    ["10×20 ± 3, −1 …", "10$\\times$20 $\\pm$ 3, $-$1 \\dots{}"],
    ["46.01\u00a0%", "46.01~\\%"],
    ["λ = 0.1, η, φ, ω, Σ", "$\\lambda$ = 0.1, $\\eta$, $\\varphi$, $\\omega$, $\\Sigma$"],
    ["--device, ''", "-{}-device, '{}'"],
    ["-–", "-{}--"],
    ["[50] *", "{[}50{]} {*}"],
    ["one\ntwo", "one two"],
    ["naïve Łódź e\u0301", "naïve Łódź é"],
    ["学\u0007\ufffd", "{[}U+5B66{]}{[}U+0007{]}{[}U+FFFD{]}"],
  ])("%j", (text, latex) => expect(latexText(text)).toBe(latex));

  test("prints every text as it is: no bare special character, no ligature", () => {
    fc.assert(
      fc.property(ascii, (text) => {
        const latex = latexText(text);
        expect(read(latex)).toBe(text);
        expect(latex).not.toMatch(/--|''|,,|[!?]`/);
      }),
    );
  });

  test("lets nothing through that pdflatex does not know", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(latexText(text).normalize("NFD")).toMatch(/^[\x20-\x7e\p{M}ÆæØøÞþÐðßŁłĐđŒœı]*$/u);
      }),
    );
  });
});

describe("breakableLatex", () => {
  test("lets long words break, and no others", () => {
    expect(breakableLatex(`short ${"0123456789abcdef".repeat(2)} end`)).toBe(
      "short 01234567\\allowbreak{}89abcdef\\allowbreak{}01234567\\allowbreak{}89abcdef end",
    );
    expect(breakableLatex("2026-11-21T09:30:00.000Z")).not.toContain("allowbreak");
  });

  test("prints the same", () => {
    fc.assert(
      fc.property(ascii, (text) => {
        expect(read(breakableLatex(text + text + text))).toBe(text + text + text);
      }),
    );
  });
});

test("verbatimText: the lines as they are, but for what would end them", () => {
  expect(verbatimText("a: {b: 1} % \\x\n  c")).toBe("a: {b: 1} % \\x\n  c");
  expect(verbatimText("\\end{verbatim}\\input{x}")).toBe("\\end {verbatim}\\input{x}");
  expect(verbatimText("é 学\t")).toBe("é [U+5B66][U+0009]");
});
