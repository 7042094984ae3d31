import { render } from "preact";
import { areaStyle } from "../../src/plot/chart.ts";
import { figureStyle } from "../../src/plot/figure-style.ts";
import { seriesStyle } from "../../src/plot/series-style.ts";
import { TryApp } from "./try-app.tsx";

// The rules of all figures once, for the page allows no style inside them.
const sheet = new CSSStyleSheet();
sheet.replaceSync(figureStyle + seriesStyle + areaStyle);
document.adoptedStyleSheets = [sheet];
render(<TryApp />, document.body);
