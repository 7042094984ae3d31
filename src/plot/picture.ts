import { figureStyle, fontFamily, fontSize } from "./figure-style.ts";
import { element, escapeMarkup } from "./markup.ts";

/** What every figure has besides its drawing. */
interface Picture {
  /** Begins every id inside the figure: no spaces, and unique in the page the figure goes into. */
  readonly id: string;
  /** Read out in place of the picture, before the description. */
  readonly title: string;
  /** Made from the numbers, for those who do not see them. */
  readonly description: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Rules beyond those of every figure. */
  readonly style?: string;
}

/** One SVG document of parts that are already drawn. */
export function picture(about: Picture, drawn: readonly string[]): string {
  const { id, title, description, width, height, style = "" } = about;
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      class: "gradus-figure",
      role: "img",
      "aria-labelledby": `${id}-title ${id}-description`,
      viewBox: `0 0 ${width} ${height}`,
      width: "100%",
      "font-family": fontFamily,
      "font-size": fontSize,
    },
    element("title", { id: `${id}-title` }, escapeMarkup(title)),
    element("desc", { id: `${id}-description` }, escapeMarkup(description)),
    element("style", {}, figureStyle + style),
    element("rect", { class: "paper", width, height }),
    ...drawn,
  );
}
