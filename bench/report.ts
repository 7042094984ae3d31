import type { Aim, Memory } from "./aims.ts";
import type { Machine } from "./machine.ts";
import type { Absence, Length, Result } from "./race.ts";
import { fastest, gradusDevices, works } from "./rows.ts";
import { productFlops, trialFlops } from "./work.ts";

/** Everything one run of the benchmark found. */
export interface Findings {
  readonly machine: Machine;
  readonly command: string;
  readonly length: Length;
  readonly results: readonly Result[];
  readonly aims: readonly Aim[];
  readonly absences: readonly Absence[];
  readonly memory: Memory | undefined;
  readonly searchLosses: Readonly<Record<string, number>>;
}

/** The findings as Markdown that reads as well in a terminal. */
export function report(findings: Findings): string {
  const { machine, command, length, results, aims, absences } = findings;
  const missed = aims.filter(({ met }) => met === false);
  return [
    "# Results of the benchmark",
    `Written by \`${command}\` on ${machine.date}; [README.md](README.md) says what each row does. Times are microseconds of one`,
    `step of one member (or of what the row names): medians of ${length.rounds} repetitions taken in turns with all others`,
    `(searches: ${length.searchRounds}). "times" is the row over the fastest row of Gradus for the same work: above 1, Gradus is faster.`,
    "",
    `- ${machine.processor}, ${machine.cores} cores, ${machine.memory} GiB; ${machine.system}`,
    `- Node ${machine.node}, V8 ${machine.v8}`,
    ...Object.entries(machine.settings).map(([name, value]) => `- ${name}=${value}`),
    ...machine.contestants.map((description) => `- ${description}`),
    "",
    resultTable(results),
    "",
    ...details(findings),
    "",
    "## Aims",
    "",
    table(
      ["aim", "wanted", "reached", ""],
      aims.map(({ aim, wanted, reached, met }) => [aim, wanted, reached, met === null ? "?" : met ? "met" : "MISSED"]),
    ),
    "",
    missed.length === 0
      ? "No measured aim is missed."
      : `Missed: ${missed.map(({ aim, wanted, reached }) => `${aim} (${reached}, wanted ${wanted})`).join("; ")}.`,
    ...(absences.length === 0 ? [] : ["", "## Not measured", "", ...absences.map(absenceText)]),
    "",
  ].join("\n");
}

/** Rows of the same work together, the fastest first. */
function resultTable(results: readonly Result[]): string {
  const order = Object.values<string>(works);
  const sorted = results.toSorted(
    (a, b) =>
      order.indexOf(a.what) - order.indexOf(b.what) || a.microsecondsPerMemberStep - b.microsecondsPerMemberStep,
  );
  return table(
    ["what", "device", "threads", "members", "microseconds", "least-most", "times"],
    sorted.map((row) => {
      const { what, device, threads, members, microsecondsPerMemberStep, least, most } = row;
      const same = what === works.flaggedStep ? works.step : what;
      const fastestGradus = fastest(results, same, gradusDevices, what === works.search ? 8 : 1);
      const times = fastestGradus
        ? (microsecondsPerMemberStep / fastestGradus.microsecondsPerMemberStep).toFixed(2)
        : "";
      const range = `${rounded(least)}-${rounded(most)}`;
      const named = row.note === undefined ? device : `${device} (${row.note})`;
      return [what, named, String(threads), String(members), rounded(microsecondsPerMemberStep), range, times];
    }),
  );
}

function details({ results, length, memory, searchLosses }: Findings): string[] {
  const lines: string[] = [];
  const { searchSteps } = length;
  const seconds = (microseconds: number) => ((microseconds * searchSteps) / 1e6).toFixed(2);
  const searches = results.filter(({ what }) => what === works.search);
  if (searches.length > 0) {
    const each = searches.map(
      (row) =>
        `${row.device} (${row.threads}) ${seconds(row.microsecondsPerMemberStep)} s, ` +
        `${rounded(trialFlops(searchSteps) / row.microsecondsPerMemberStep / searchSteps / 1000)} GFLOP/s`,
    );
    lines.push(
      `- A trial of the search: ${searchSteps} steps on 45,000 images, the ${searchSteps === 3600 ? "whole of" : "first of the 3600 steps of"} two cycles ` +
        `of n_s 900, all 50,000 images measured at the start and after each epoch: ${each.join("; ")}.`,
    );
    const losses = Object.entries(searchLosses).map(([device, loss]) => `${device} ${loss.toFixed(4)}`);
    lines.push(`- Validation loss at the end of the trial with lambda 1e-5: ${losses.join(", ")}.`);
  }
  for (const { what, device, threads, microsecondsPerMemberStep } of results) {
    if (what !== works.limit && what !== works.peak) continue;
    const name = what === works.limit ? "sgemm 2048" : "128-bit multiply-add peak";
    lines.push(
      `- ${name}, ${device} (${threads}): ${rounded(productFlops / microsecondsPerMemberStep / 1000)} GFLOP/s.`,
    );
  }
  const flagged = fastest(results, works.flaggedStep, ["tensorflowjs"]);
  const wasm = fastest(results, works.step, ["wasm"]);
  if (flagged && wasm) {
    const times = rounded(flagged.microsecondsPerMemberStep / wasm.microsecondsPerMemberStep);
    lines.push(`- TensorFlow.js with the products of its own gradients takes ${times} times as long as wasm.`);
  }
  if (memory) {
    lines.push(
      `- Most memory resident (${memory.device}, 45,000 + 5,000 + 10,000 images): one run ${memory.training} MiB, ` +
        `a search of 32 lambdas ${memory.search} MiB.`,
    );
  }
  return lines;
}

function absenceText({ who, why, install }: Absence): string {
  return `- ${who}: ${why}${install === undefined ? "" : `. To have it: ${install}.`}`;
}

function rounded(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

/** A Markdown table whose columns line up. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => row[column].length)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i])).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}
