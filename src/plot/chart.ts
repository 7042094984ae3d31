/** What every figure is told beside its numbers. */
export interface Chart {
  /** Begins every id inside the figure: no spaces, and unique in the page the figure goes into. */
  readonly id: string;
  /** Read out in place of the picture, before a description made from the numbers. */
  readonly title: string;
  /** Pixels the figure is laid out for. */
  readonly width?: number;
}

/** The rules of figures made of areas: bars and cells. */
export const areaStyle = `
.gradus-figure .cell,.gradus-figure .column{fill:#56b4e9}
.gradus-figure .column.right{fill:#0072b2}
.gradus-figure .column.wrong{fill:#d55e00;fill-opacity:0.55}
.gradus-figure .whisker{fill:none;stroke:#1f2328;stroke-width:1.25}
@media screen and (prefers-color-scheme:dark){
.gradus-figure .cell{fill:#0072b2}
.gradus-figure .column.right{fill:#56b4e9}
.gradus-figure .column.wrong{fill:#e69f00}
.gradus-figure .whisker{stroke:#e6e8ea}
}
`;
