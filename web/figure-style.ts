const adopted = new Set<string>();

/** A figure without its style, which the page's policy does not allow inside it: it stands once in the page. */
export function withoutStyle(svg: string): string {
  return svg.replace(/<style>([\s\S]*?)<\/style>/, (_, style: string) => {
    if (!adopted.has(style)) {
      adopted.add(style);
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(style);
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    }
    return "";
  });
}
