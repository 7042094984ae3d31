// Okabe & Ito 2008, "Color Universal Design": blue and vermillion on white, sky blue and orange on black.
// The lines differ by dash and by marker as well, so that grey printing keeps them apart.
// Plain declarations first: programs that know no media queries draw the light picture.

/** The style sheet inside every figure; its rules reach only what stands in `.gradus-figure`. */
export const figureStyle = `
.gradus-figure .paper{fill:#fff}
.gradus-figure text{fill:#1f2328}
.gradus-figure .quiet{fill:#57606a}
.gradus-figure .grid{stroke:#eaecef}
.gradus-figure .axis{stroke:#6e7781}
.gradus-figure .line{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
.gradus-figure .train{stroke:#0072b2}
.gradus-figure .validation{stroke:#d55e00}
.gradus-figure .line.validation{stroke-dasharray:5 4}
.gradus-figure .line.measured{stroke-width:1;stroke-opacity:.4;stroke-dasharray:none}
.gradus-figure .mark{stroke-width:1.5}
.gradus-figure .mark.train{fill:#0072b2}
.gradus-figure .mark.validation{fill:#fff}
.gradus-figure .rate{stroke:#57606a}
.gradus-figure .line.rate{stroke-width:1.5}
.gradus-figure .mark.rate{fill:#57606a}
.gradus-figure .not-finite{stroke:#a40e26;stroke-dasharray:2 3}
.gradus-figure text.not-finite{fill:#a40e26;stroke:#fff;stroke-width:4;stroke-dasharray:none;paint-order:stroke}
.gradus-figure .reference{fill:none;stroke:#57606a;stroke-width:1.25;stroke-dasharray:7 3}
.gradus-figure text.reference{fill:#57606a;stroke:#fff;stroke-width:4;stroke-dasharray:none;paint-order:stroke}
@media screen and (prefers-color-scheme:dark){
.gradus-figure .paper{fill:#14171a}
.gradus-figure text{fill:#e6e8ea}
.gradus-figure .quiet{fill:#a2abb4}
.gradus-figure .grid{stroke:#2a2f35}
.gradus-figure .axis{stroke:#7d8790}
.gradus-figure .train{stroke:#56b4e9}
.gradus-figure .validation{stroke:#e69f00}
.gradus-figure .mark.train{fill:#56b4e9}
.gradus-figure .mark.validation{fill:#14171a}
.gradus-figure .rate{stroke:#a2abb4}
.gradus-figure .mark.rate{fill:#a2abb4}
.gradus-figure .not-finite{stroke:#ff8e9b}
.gradus-figure text.not-finite{fill:#ff8e9b;stroke:#14171a}
.gradus-figure .reference{stroke:#a2abb4}
.gradus-figure text.reference{fill:#a2abb4;stroke:#14171a}
}
`;

/** Fonts every system has under one of these names: a figure loads nothing. */
export const fontFamily = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

export const fontSize = 12;

/** Pixels a text takes at most, near enough to leave room for it: no font is measured here. */
export function textWidth(text: string): number {
  const wide = text.match(/[mwMW@]|[^\p{ASCII}\p{Script=Latin}\p{Script=Greek}–…]/gu)?.length ?? 0;
  return ([...text].length * 0.58 + wide * 0.4) * fontSize;
}
