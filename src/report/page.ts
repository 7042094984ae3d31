import { element, escapeMarkup } from "../plot/markup.ts";
import { pageStyle } from "./page-style.ts";

/** Nothing may be loaded, run or sent: the page is text, its own styles and its own pictures. */
const contentSecurityPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/** One HTML file that needs nothing else. The body is markup already. */
export function page(title: string, body: readonly string[]): string {
  const head = element(
    "head",
    {},
    element("meta", { charset: "utf-8" }),
    element("meta", { "http-equiv": "Content-Security-Policy", content: contentSecurityPolicy }),
    element("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }),
    element("meta", { name: "color-scheme", content: "light dark" }),
    element("meta", { name: "referrer", content: "no-referrer" }),
    element("link", { rel: "icon", href: "data:," }),
    element("title", {}, escapeMarkup(title)),
    element("style", {}, pageStyle),
  );
  return `<!doctype html>\n${element("html", { lang: "en" }, head, element("body", {}, element("main", {}, ...body)))}\n`;
}
