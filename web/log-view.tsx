import type { RunEvent } from "../src/record/run-event.ts";
import { Scroll } from "./text-table.tsx";

/** Entries that are shown, the latest. */
const most = 300;

/** What happened to a run, the latest first. */
export function LogView({ events }: { readonly events: readonly RunEvent[] }) {
  const entries = events
    .map((event, position) => ({ event, position }))
    .slice(-most)
    .reverse();
  return (
    <Scroll name="Log">
      <table>
        <caption>
          {events.length > most ? `The last ${most} of ${events.length} entries` : `${events.length} entries`}, the
          latest first
        </caption>
        <thead>
          <tr>
            <th scope="col" class="number">
              entry
            </th>
            <th scope="col" class="number">
              seconds
            </th>
            <th scope="col">what</th>
            <th scope="col">details</th>
          </tr>
        </thead>
        <tbody>
          {entries.map(({ event, position }) => (
            <tr key={position}>
              <td class="number">{position}</td>
              <td class="number">{"seconds" in event ? event.seconds.toFixed(1) : ""}</td>
              <th scope="row">{event.kind === "trained" ? event.event.kind : event.kind}</th>
              <td class="details">{detailsOf(event)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function detailsOf(event: RunEvent): string {
  if (event.kind === "created") return event.data.map(({ file }) => file).join(", ");
  const { kind: _, ...rest } = event.kind === "trained" ? event.event : event;
  const { seconds: __, members: ___, ...details } = rest as Record<string, unknown>;
  return Object.entries(details)
    .map(([name, value]) => `${name} ${typeof value === "object" ? JSON.stringify(value) : value}`)
    .join(", ");
}
