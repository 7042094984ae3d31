import { render } from "preact";
import { areaStyle } from "../src/plot/chart.ts";
import { figureStyle } from "../src/plot/figure-style.ts";
import { searchStyle } from "../src/plot/search-marks.ts";
import { seriesStyle } from "../src/plot/series-style.ts";
import { App } from "./app.tsx";
import { followLab } from "./lab.ts";

// The rules of all figures once, for the page allows no style inside them.
const sheet = new CSSStyleSheet();
sheet.replaceSync(figureStyle + seriesStyle + searchStyle + areaStyle);
document.adoptedStyleSheets = [sheet];
followLab();
render(<App />, document.body);
