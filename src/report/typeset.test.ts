import { expect, test } from "vitest";
import { latexText } from "./latex-text.ts";
import { markdownText } from "./markdown-text.ts";
import { typesetHtml, typesetLatex, typesetMarkdown } from "./typeset.ts";

const line = "λ = 0.01, η_min 1e-5, η_max = 0.1, n_s = 800; n_steps, λs and η";

test("λ, η and n_s are set as formulas in every format, and other names are left alone", () => {
  expect(typesetHtml(line)).toBe(
    "<var>λ</var> = 0.01, <var>η</var><sub>min</sub> 1e-5, <var>η</var><sub>max</sub> = 0.1, <var>n</var><sub>s</sub> = 800; n_steps, λs and <var>η</var>",
  );
  expect(typesetMarkdown(markdownText(line))).toContain("η<sub>max</sub> = 0.1, n<sub>s</sub> = 800; n\\_steps");
  expect(typesetLatex(latexText(line))).toBe(
    "$\\lambda$ = 0.01, $\\eta_{\\min}$ 1e-5, $\\eta_{\\max}$ = 0.1, $n_s$ = 800; n\\_steps, $\\lambda$s and $\\eta$",
  );
});
