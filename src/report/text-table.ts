/** A table whose every cell is already text: one content for the page and for the terminal. */
export interface TextTable {
  readonly caption: string;
  readonly columns: readonly TextColumn[];
  /** Rows under headings of their own; one group without a heading is a plain table. */
  readonly groups: readonly { readonly heading?: string; readonly rows: readonly TextRow[] }[];
  /** What belongs to these numbers, under the table, each on a line of its own. */
  readonly notes: readonly string[];
  /** What the columns mean: for the page, where a reader may not know. */
  readonly explanations: readonly string[];
}

interface TextColumn {
  readonly header: string;
  /** `number` and `range` cells are set to the right, digits under digits; a range may break between its ends. */
  readonly kind: "text" | "number" | "range";
}

export interface TextRow {
  /** One a column; the first names the row. */
  readonly cells: readonly string[];
  /** How the last cell is meant, for a page that can colour it. */
  readonly tone?: "good" | "bad";
}

/** What stands where there is no value. */
export const nothing = "–";
