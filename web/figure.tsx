import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { StepWindow } from "../src/plot/axis.ts";
import { numberText, type Quantity } from "../src/plot/number-text.ts";
import { download } from "./download.ts";
import { withoutStyle } from "./figure-style.ts";
import { Scroll } from "./text-table.tsx";

/** The numbers of a figure, a column each; the first is the update step where it is zoomed by that. */
export interface FigureData {
  readonly columns: readonly { readonly name: string; readonly quantity: Quantity | "text" }[];
  readonly rows: readonly (readonly (number | string)[])[];
}

interface FigureProps {
  /** Names its files, and nothing else on the page. */
  readonly name: string;
  readonly caption: string;
  /** One SVG document for this many pixels. */
  readonly draw: (width: number) => string;
  /** What the picture shows, and nothing that it does not; made when it is asked for. */
  readonly data: FigureData | (() => FigureData);
  /** The updates that are shown, and how others are chosen; of a figure that is not against updates, none. */
  readonly zoom?: Zoom;
  /** What lies over the picture, as large as it. */
  readonly overlay?: (svg: string) => ComponentChildren;
}

interface Zoom {
  readonly last: number;
  readonly window: StepWindow | undefined;
  readonly show: (window: StepWindow | undefined) => void;
  /** Whether steps are drawn by the logarithm of 1 + step. */
  readonly logarithmic?: boolean;
}

/** How steps lie along a figure, and back. */
function scaleOf({ logarithmic }: Zoom): readonly [(step: number) => number, (at: number) => number] {
  return logarithmic === true ? [Math.log1p, Math.expm1] : [Number, Number];
}

/** Moves the stretch that is shown by this share of its width, as far as there are updates. */
function pan(zoom: Zoom, share: number): void {
  const { window, last, show } = zoom;
  if (window === undefined) return;
  const [scaled, unscaled] = scaleOf(zoom);
  const [low, high] = [scaled(window.from), scaled(window.to)];
  const by = Math.max(-low, Math.min(scaled(last) - high, share * (high - low)));
  const from = Math.round(unscaled(low + by));
  const to = zoom.logarithmic === true ? Math.round(unscaled(high + by)) : from + window.to - window.from;
  if (to > from) show({ from, to });
}

/** A figure of the lab's with what a person does to it: look at numbers, zoom, take its picture or its numbers along. */
export function Figure({ name, caption, draw, data, zoom, overlay }: FigureProps) {
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry.contentRect.width)));
    if (frame.current !== null) observer.observe(frame.current);
    return () => observer.disconnect();
  }, []);
  const svg = useMemo(() => (width === 0 ? "" : draw(Math.min(width, 1400))), [draw, width]);
  const numbers = () => (typeof data === "function" ? data() : data);
  const markup = useMemo(() => ({ __html: withoutStyle(svg) }), [svg]);
  return (
    <figure>
      <div class="picture" ref={frame}>
        {/* The plot room's own SVG, in which every text is escaped. */}
        <div dangerouslySetInnerHTML={markup} />
        {zoom === undefined ? null : <Crosshair data={numbers()} zoom={zoom} svg={svg} />}
        {svg === "" ? null : overlay?.(svg)}
      </div>
      <figcaption>{caption}</figcaption>
      <div class="figure-tools">
        {zoom?.window === undefined ? null : (
          <>
            <button type="button" onClick={() => zoom.show(undefined)}>
              Show all updates
            </button>
            <button type="button" disabled={zoom.window.from <= 0} onClick={() => pan(zoom, -1 / 2)}>
              Earlier
            </button>
            <button type="button" disabled={zoom.window.to >= zoom.last} onClick={() => pan(zoom, 1 / 2)}>
              Later
            </button>
          </>
        )}
        <button type="button" onClick={() => download(`${name}.svg`, svg, "image/svg+xml")}>
          SVG
        </button>
        <button type="button" onClick={() => download(`${name}.csv`, csv(numbers()), "text/csv")}>
          CSV
        </button>
        <DataTable numbers={numbers} caption={caption} />
      </div>
    </figure>
  );
}

function csv({ columns, rows }: FigureData): string {
  const lines = [columns.map(({ name }) => name), ...rows];
  return lines.map((cells) => `${cells.map(quoted).join(",")}\n`).join("");
}

function quoted(cell: number | string): string {
  const text = String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function cellText(cell: number | string, quantity: Quantity | "text"): string {
  return typeof cell === "string" || quantity === "text" ? String(cell) : numberText(cell, quantity);
}

/** Rows that are shown at once: a person reads no more, and the CSV has all. */
const most = 500;

interface DataTableProps {
  readonly numbers: () => FigureData;
  readonly caption: string;
}

function DataTable({ numbers, caption }: DataTableProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>Data</summary>
      {isOpen ? <Rows data={numbers()} caption={caption} /> : null}
    </details>
  );
}

function Rows({ data: { columns, rows }, caption }: { readonly data: FigureData; readonly caption: string }) {
  const each = Math.ceil(rows.length / most);
  return (
    <Scroll name={`Data: ${caption}`}>
      <table>
        <caption>{each > 1 ? `Every ${each}th of ${rows.length} rows; the CSV has all.` : "All rows"}</caption>
        <thead>
          <tr>
            {columns.map(({ name, quantity }) => (
              <th key={name} scope="col" class={quantity === "text" ? "" : "number"}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows
            .filter((_, row) => row % each === 0)
            .map((cells, row) => (
              <tr key={row}>
                {cells.map((cell, i) => (
                  <td class={typeof cell === "string" ? "" : "number"}>{cellText(cell, columns[i].quantity)}</td>
                ))}
              </tr>
            ))}
        </tbody>
      </table>
    </Scroll>
  );
}

interface CrosshairProps {
  readonly data: FigureData;
  readonly zoom: Zoom;
  readonly svg: string;
}

/**
 * Reads the numbers under a pointer or at a place moved by arrow keys. A stretch that is dragged over is shown alone; then it is moved
 * by a wheel that turns sideways, by dragging with the Shift key, and by Shift and an arrow.
 */
function Crosshair({ data: { columns, rows }, zoom, svg }: CrosshairProps) {
  const [at, setAt] = useState<number | undefined>();
  const [dragged, setDragged] = useState<number | undefined>();
  /** Where it was taken hold of: the pixel, and what was shown then. */
  const [held, setHeld] = useState<{ readonly x: number; readonly window: StepWindow } | undefined>();
  const area = plotArea(svg);
  if (area === undefined || rows.length === 0) return null;
  const { from, to } = zoom.window ?? { from: 0, to: Math.max(1, zoom.last) };
  const [scaled, unscaled] = scaleOf(zoom);
  const [low, high] = [scaled(from), scaled(to)];
  const stepAt = (x: number) => unscaled(low + ((x - area.left) / (area.right - area.left)) * (high - low));
  const place = (step: number) => area.left + ((scaled(step) - low) / (high - low)) * (area.right - area.left);
  const share = (x: number) => `${(100 * x) / area.width}%`;
  const row = at === undefined ? undefined : rows[Math.min(at, rows.length - 1)];

  const boxOf = (event: MouseEvent) => (event.currentTarget as HTMLElement).getBoundingClientRect();
  const pointed = (event: PointerEvent) => {
    const box = boxOf(event);
    return stepAt(((event.clientX - box.left) / box.width) * area.width);
  };
  /** What so many pixels of the screen are of the stretch that is shown. */
  const shareOf = (event: MouseEvent, pixels: number) =>
    (pixels * area.width) / boxOf(event).width / (area.right - area.left);
  const show = (first: number, last: number) => {
    const [low, high] = [Math.min(first, last), Math.max(first, last)].map(Math.round);
    const window = { from: Math.max(0, low), to: Math.min(zoom.last, high) };
    if (window.to - window.from >= 2) zoom.show(window);
  };
  const letGo = () => {
    setDragged(undefined);
    setHeld(undefined);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const place = at ?? rows.length - 1;
    if (event.shiftKey && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
      pan(zoom, event.key === "ArrowLeft" ? -1 / 4 : 1 / 4);
      return event.preventDefault();
    }
    const moves: Readonly<Record<string, number>> = {
      ArrowLeft: place - 1,
      ArrowRight: place + 1,
      Home: 0,
      End: rows.length - 1,
    };
    if (event.key in moves) setAt(Math.max(0, Math.min(rows.length - 1, moves[event.key])));
    else if (event.key === "+" || event.key === "=") show(...around(Number(rows[place][0]), (to - from) / 4));
    else if (event.key === "-") zoom.show(undefined);
    else if (event.key === "Escape") setAt(undefined);
    else return;
    event.preventDefault();
  };
  return (
    <div
      class="crosshair"
      role="slider"
      tabIndex={0}
      aria-label="Numbers of the figure by update step: arrow keys move, + shows a stretch alone, - shows all, Shift and an arrow move the stretch"
      aria-valuemin={0}
      aria-valuemax={rows.length - 1}
      aria-valuenow={at ?? rows.length - 1}
      aria-valuetext={reading(row ?? rows[rows.length - 1], columns)}
      onKeyDown={onKeyDown}
      onBlur={() => setAt(undefined)}
      onPointerDown={(event) => {
        if (event.shiftKey && zoom.window !== undefined) setHeld({ x: event.clientX, window: zoom.window });
        else setDragged(pointed(event));
      }}
      onPointerMove={(event) => {
        if (held === undefined) setAt(nearest(rows, pointed(event)));
        else pan({ ...zoom, window: held.window }, shareOf(event, held.x - event.clientX));
      }}
      onPointerUp={(event) => {
        if (dragged !== undefined) show(dragged, pointed(event));
        letGo();
      }}
      onPointerLeave={() => {
        setAt(undefined);
        letGo();
      }}
      onWheel={(event) => {
        if (zoom.window === undefined || Math.abs(event.deltaX) <= Math.abs(event.deltaY)) return;
        event.preventDefault();
        pan(zoom, shareOf(event, event.deltaX));
      }}
      onDblClick={() => zoom.show(undefined)}
    >
      {row === undefined ? null : (
        <>
          <div class="hair" style={{ left: share(place(Number(row[0]))) }} />
          <p
            class={`reading ${place(Number(row[0])) > area.width / 2 ? "before" : ""}`}
            style={{ left: share(place(Number(row[0]))) }}
          >
            {columns.map(({ name, quantity }, i) => (
              <span key={name}>
                {name} <b>{cellText(row[i], quantity)}</b>
              </span>
            ))}
          </p>
        </>
      )}
      {dragged === undefined || row === undefined ? null : (
        <div
          class="stretch"
          style={{
            left: share(place(Math.min(dragged, Number(row[0])))),
            width: share(Math.abs(place(Number(row[0])) - place(dragged))),
          }}
        />
      )}
    </div>
  );
}

function around(step: number, half: number): [from: number, to: number] {
  return [step - half, step + half];
}

function reading(row: FigureData["rows"][number], columns: FigureData["columns"]): string {
  return columns.map(({ name, quantity }, i) => `${name} ${cellText(row[i], quantity)}`).join(", ");
}

function nearest(rows: FigureData["rows"], step: number): number {
  let best = 0;
  for (const [index, row] of rows.entries()) {
    if (Math.abs(Number(row[0]) - step) < Math.abs(Number(rows[best][0]) - step)) best = index;
  }
  return best;
}

/** Where the panels of a figure lie, in its own pixels: their baseline says it. */
function plotArea(svg: string): { readonly left: number; readonly right: number; readonly width: number } | undefined {
  const baseline = /class="axis" d="M([\d.]+),[\d.]+H([\d.]+)"/.exec(svg);
  const width = /viewBox="0 0 (\d+) /.exec(svg);
  if (baseline === null || width === null) return undefined;
  return { left: Number(baseline[1]), right: Number(baseline[2]), width: Number(width[1]) };
}
