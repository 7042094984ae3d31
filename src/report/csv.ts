import { seriesTable } from "../plot/series-table.ts";
import type { Measurement } from "../record/event.ts";

/** A run's curves: a header line and one line a measurement. Accuracies are fractions, every digit is kept. */
export function seriesCsv(series: readonly Measurement[]): string {
  const { columns, rows } = seriesTable(series);
  return csv([columns.map(({ name }) => name), ...rows]);
}

/** Records as RFC 4180 writes them: lines end in CR LF, fields are quoted where they must be; NaN and the infinities are named. */
export function csv(records: readonly (readonly (string | number)[])[]): string {
  return records.map((record) => `${record.map(field).join(",")}\r\n`).join("");
}

function field(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
