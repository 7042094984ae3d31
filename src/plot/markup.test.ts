import { describe, expect, test } from "vitest";
import { element, escapeMarkup } from "./markup.ts";

describe("escapeMarkup", () => {
  test("leaves no character that could open a tag or end an attribute", () => {
    expect(escapeMarkup(`<script>alert("x" & 'y')</script>`)).toBe(
      "&lt;script&gt;alert(&quot;x&quot; &amp; &#39;y&#39;)&lt;/script&gt;",
    );
  });

  test("replaces what XML cannot hold, and keeps other scripts, signs and line breaks", () => {
    expect(escapeMarkup("a\u0000b\u001bc\ud800d\ufffee")).toBe("a\ufffdb\ufffdc\ufffdd\ufffde");
    expect(escapeMarkup("λ 学习率 𝜂\n\t")).toBe("λ 学习率 𝜂\n\t");
  });
});

describe("element", () => {
  test("escapes attributes, rounds numbers and leaves out what is undefined", () => {
    expect(element("path", { d: 'M"', x: 1.23456, y: -0.001, id: undefined })).toBe(
      '<path d="M&quot;" x="1.23" y="0"/>',
    );
  });

  test("refuses coordinates that are not numbers", () => {
    expect(() => element("path", { x: Number.NaN })).toThrow(RangeError);
  });
});
