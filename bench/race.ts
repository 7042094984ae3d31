import { setTimeout as sleep } from "node:timers/promises";
import type { Contestant } from "./contestant.ts";
import type { Entrant, Entry } from "./entrants.ts";
import { median } from "./median.ts";
import { type Row, works } from "./rows.ts";
import { checkedStep, lossTolerance } from "./work.ts";

/** How long the race is. */
export interface Length {
  readonly rounds: number;
  /** Of them, those with the searches. */
  readonly searchRounds: number;
  /** Of a search; two cycles are 3600. */
  readonly searchSteps: number;
  /** Of one repetition, about. */
  readonly milliseconds: number;
}

export const lengths = {
  quick: { rounds: 3, searchRounds: 1, searchSteps: 450, milliseconds: 150 },
  usual: { rounds: 9, searchRounds: 3, searchSteps: 900, milliseconds: 400 },
  full: { rounds: 15, searchRounds: 3, searchSteps: 3600, milliseconds: 800 },
} as const satisfies Record<string, Length>;

/** A row, and the least and the most that its repetitions took. */
export interface Result extends Row {
  readonly least: number;
  readonly most: number;
}

/** Who could not take part, why, and how to mend it. */
export interface Absence {
  readonly who: string;
  readonly why: string;
  readonly install?: string;
}

export interface Outcome {
  readonly results: readonly Result[];
  readonly absences: readonly Absence[];
  /** What the contestants say they are. */
  readonly descriptions: readonly string[];
  /** Final validation losses of the searches' first trial by device: the same trial. */
  readonly searchLosses: Readonly<Record<string, number>>;
}

type Expected = Readonly<Record<NonNullable<Entry["expected"]>, number>>;

interface Lane {
  readonly entrant: Entrant;
  readonly entry: Entry;
  readonly contestant: Contestant;
  readonly warmUp: number; // units before each repetition
  readonly count: number;
  readonly microseconds: number[]; // of one member-step, one a repetition; added to
}

/** Steps between two readings of the clock in a training: counts of steps are multiples of it. */
const grain = 20;

/**
 * Starts everyone, holds their first answers against `expected`, then goes round all of them again and again, one
 * repetition at a time, so that what slows the machine down for a while slows down all alike.
 */
export async function race(
  entrants: readonly Entrant[],
  expected: Expected,
  length: Length,
  say: (text: string) => void,
): Promise<Outcome> {
  const absences: Absence[] = [];
  const descriptions = new Set<string>();
  const contestants: Contestant[] = [];
  const lanes: Lane[] = [];
  const searchLosses: Record<string, number> = {};
  try {
    for (const entrant of entrants) {
      const who = nameOf(entrant);
      try {
        const contestant = await entrant.start();
        contestants.push(contestant);
        descriptions.add(contestant.description);
        say(`${who}: ${contestant.description}`);
        for (const entry of entrant.entries) {
          const lane = await warmedUp(entrant, entry, contestant, expected, length).catch((error: Error) => {
            absences.push({ who: `${who}: ${entry.what}`, why: error.message });
          });
          if (lane) lanes.push(lane);
        }
      } catch (error) {
        absences.push({ who, why: (error as Error).message, install: entrant.install });
      }
    }
    for (let round = 0; round < length.rounds; round++) {
      say(`round ${round + 1} of ${length.rounds}`);
      const withSearches = round % Math.ceil(length.rounds / length.searchRounds) === 0;
      for (const lane of [...lanes]) {
        const { entrant, entry, contestant, warmUp, count, microseconds } = lane;
        const isSearch = entry.what === works.search;
        if (isSearch && !withSearches) continue;
        await sleep(50); // threads that still spin for the one before go to sleep
        try {
          if (!isSearch) await contestant.ask(entry.work, warmUp); // its caches and sleeping threads
          const timed = await contestant.ask(entry.work, count);
          microseconds.push(timed.microseconds / count / entry.per);
          if (isSearch) searchLosses[entrant.device] = timed.value;
        } catch (error) {
          // The others go on without it.
          lanes.splice(lanes.indexOf(lane), 1);
          absences.push({ who: `${nameOf(entrant)}: ${entry.what}`, why: (error as Error).message });
        }
      }
    }
  } finally {
    for (const contestant of contestants) contestant.leave();
  }
  return { results: lanes.map(result), absences, descriptions: [...descriptions], searchLosses };
}

/** Checks the first answer and finds how many units take about as long as a repetition should. */
async function warmedUp(
  entrant: Entrant,
  entry: Entry,
  contestant: Contestant,
  expected: Expected,
  { milliseconds, searchSteps }: Length,
): Promise<Lane> {
  const isStep = entry.expected === "step" || entry.expected === "threeLayerStep";
  const unit = isStep ? grain : 1;
  const whole = (count: number) => unit * Math.max(1, Math.round(count / unit));
  const lane = (count: number): Lane => {
    return { entrant, entry, contestant, warmUp: whole(count / 10), count: whole(count), microseconds: [] };
  };
  if (entry.what === works.search) return lane(searchSteps);
  const first = await contestant.ask(entry.work, isStep ? checkedStep : 1);
  if (entry.expected !== undefined) {
    const [loss, expectedLoss] = [first.value, expected[entry.expected]];
    if (!(Math.abs(loss - expectedLoss) <= lossTolerance)) {
      throw new Error(`it computes something else: its loss is ${loss}, not ${expectedLoss}`);
    }
  }
  let count: number = unit;
  for (;;) {
    const { microseconds } = await contestant.ask(entry.work, count);
    const fitting = (count * milliseconds * 1000) / microseconds;
    // The first guesses come from code that is not yet compiled.
    if (count >= fitting / 2) return lane(fitting);
    count = whole(Math.min(fitting, 16 * count));
  }
}

function result({ entrant, entry: { what, members }, contestant, microseconds }: Lane): Result {
  const { device, threads } = entrant;
  // Said by a peer whose products are those of a reference BLAS.
  const isSlow = contestant.description.includes("no fast BLAS");
  return {
    ...(isSlow ? { note: "no fast BLAS" } : {}),
    what,
    device,
    threads,
    members,
    microsecondsPerMemberStep: median(microseconds),
    least: Math.min(...microseconds),
    most: Math.max(...microseconds),
  };
}

function threadText(threads: number): string {
  return threads === 1 ? "1 thread" : `${threads} threads`;
}

function nameOf({ device, threads }: Entrant): string {
  return `${device}, ${threadText(threads)}`;
}
