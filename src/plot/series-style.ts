/** One of several curves or groups of points that a figure keeps apart by colour, dash and marker. */
export type SeriesStyle = `series-${1 | 2 | 3 | 4 | 5 | 6}`;

// The first two look like training and validation elsewhere (figure-style.ts); all have a contrast of 3 on their paper.
const inks: Readonly<Record<SeriesStyle, { readonly light: string; readonly dark: string; readonly dash?: string }>> = {
  "series-1": { light: "#0072b2", dark: "#56b4e9" },
  "series-2": { light: "#d55e00", dark: "#e69f00", dash: "5 4" },
  "series-3": { light: "#00795a", dark: "#3ddba9", dash: "1 4" },
  "series-4": { light: "#a3457d", dark: "#e59cc6", dash: "10 4" },
  "series-5": { light: "#424a53", dark: "#d0d7de", dash: "9 4 1 4" },
  "series-6": { light: "#7a5c00", dark: "#f0e442", dash: "3 3" },
};

/** The styles in the order they are given out. */
export const seriesStyles = Object.keys(inks) as readonly SeriesStyle[];

/** The rules of the series, for `picture`; more specific than `figureStyle`'s, for a page's figures share all rules. */
export const seriesStyle = [
  "",
  ...rules("light", "#fff", "#57606a"),
  ...seriesStyles.flatMap((name) => {
    const { dash } = inks[name];
    return dash === undefined ? [] : [`.gradus-figure .line.${name}{stroke-dasharray:${dash}}`];
  }),
  ".gradus-figure .bar,.gradus-figure .cross{fill:none;stroke-width:1.5}",
  ".gradus-figure .cross{stroke:#a40e26}",
  "@media screen and (prefers-color-scheme:dark){",
  ...rules("dark", "#14171a", "#a2abb4"),
  ".gradus-figure .cross{stroke:#ff8e9b}",
  "}",
  "",
].join("\n");

function rules(theme: "light" | "dark", paper: string, quiet: string): readonly string[] {
  return [
    ...seriesStyles.flatMap((name) => [
      `.gradus-figure .${name}{stroke:${inks[name][theme]}}`,
      `.gradus-figure .band.${name}{fill:${inks[name][theme]};fill-opacity:0.16;stroke:none}`,
      `.gradus-figure .mark.${name}{fill:${inks[name][theme]}}`,
      `.gradus-figure .mark.hollow.${name}{fill:${paper}}`,
    ]),
    `.gradus-figure .mark.hollow.any{fill:${paper};stroke:${quiet}}`,
  ];
}
