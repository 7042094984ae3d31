import { z } from "zod";
import { Fault } from "../fault/fault.ts";
import type { TrainingEvent } from "./event.ts";
import {
  best,
  deviceDescription,
  divergence,
  early,
  exampleCounts,
  measured,
  notice,
  anyNumber as number,
  count as step,
} from "./measured.ts";
import { fromExactJson, toExactJson } from "./number.ts";
import { storedSpecSchema } from "./stored-spec.ts";

// A run's log: what happened to it, in order. What a run is, is what `run-record.ts` makes of these.

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const { measurement, final } = measured(number);

/** What a training says of one member, checkpoints apart. */
const trainingEvent = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("started"),
    members: z.tuple([storedSpecSchema]),
    device: deviceDescription,
    steps: step,
    stepsPerEpoch: step,
    parameters: step,
    examples: exampleCounts,
    from: step.exactOptional(),
  }),
  z.strictObject({ kind: z.literal("progress"), step, loss: z.tuple([number]), learningRate: z.tuple([number]) }),
  z.strictObject({
    kind: z.literal("measured"),
    member: z.literal(0),
    measurement,
  }),
  z.strictObject({
    kind: z.literal("noticed"),
    member: z.literal(0),
    step,
    notice,
  }),
  z.strictObject({
    kind: z.literal("diverged"),
    member: z.literal(0),
    divergence,
  }),
  z.strictObject({
    kind: z.literal("finished"),
    member: z.literal(0),
    step,
    final,
    early: early.exactOptional(),
    best: best.exactOptional(),
    weightsSha256: sha256,
  }),
]);

const dataFile = z.strictObject({ file: z.string(), sha256: z.string() });

const runEventSchema = z.discriminatedUnion("kind", [
  /** The first entry of every log. */
  z.strictObject({
    kind: z.literal("created"),
    spec: storedSpecSchema,
    /** What it is trained on. */
    data: z.array(dataFile),
    /** The id of the published experiment it is, where it is one. */
    experiment: z.string().exactOptional(),
    /** What it was begun for, where that is not the run itself, e.g. `lr-range`. */
    purpose: z.string().exactOptional(),
    /** SHA-256 of the weights that it began from in place of its seed's, as `finished` has them. */
    initial: sha256.exactOptional(),
    /** The run and the update from which it branched off. */
    fork: z.strictObject({ run: z.string(), step }).exactOptional(),
  }),
  /** A process begins to train it, or to train it further. */
  z.strictObject({
    kind: z.literal("opened"),
    /** ISO 8601, UTC. */
    at: z.string(),
    host: z.string(),
    versions: z.record(z.string(), z.string()),
    /** How many runs are trained side by side, where it is not alone. */
    population: step.exactOptional(),
  }),
  z.strictObject({
    kind: z.literal("trained"),
    /** Since it was opened; by a clock that only goes forward. */
    seconds: number,
    event: trainingEvent,
  }),
  /** Bytes were kept beside the log: a checkpoint after `step` updates, or the trained model. */
  z.strictObject({
    kind: z.literal("kept"),
    what: z.enum(["checkpoint", "model"]),
    step,
    artifact: sha256,
    size: step,
    seconds: number,
  }),
  /** The process is done with it. */
  z.strictObject({
    kind: z.literal("closed"),
    why: z.enum(["finished", "interrupted", "failed"]),
    seconds: number,
    /** What failed. */
    complaint: z.string().exactOptional(),
  }),
  /** What people call it; what is absent stays as it was. */
  z.strictObject({
    kind: z.literal("labelled"),
    name: z.string().min(1).exactOptional(),
    tags: z.array(z.string().min(1)).exactOptional(),
    notes: z.string().exactOptional(),
    /** Whether it must not be removed. */
    isProtected: z.boolean().exactOptional(),
  }),
  /** Stands where an entry was damaged or missing when the log was repaired. */
  z.strictObject({ kind: z.literal("lost") }),
]);

export type RunEvent = z.output<typeof runEventSchema>;
export type DataFile = z.output<typeof dataFile>;

export function encodeRunEvent(event: RunEvent): string {
  return toExactJson(event);
}

/** @throws Fault `store` naming `place`, for a text that is no entry of a log */
export function decodeRunEvent(text: string, place: string): RunEvent {
  let value: unknown;
  try {
    value = fromExactJson(text);
  } catch (cause) {
    throw refusal(place, "not JSON", cause);
  }
  const result = runEventSchema.safeParse(value);
  if (result.success) return result.data;
  const [{ path, message }] = result.error.issues;
  throw refusal(place, `${path.join(".") || "the entry"}: ${message}`, result.error);
}

/** A training's event as one member's log has it; undefined where it says nothing of that member. */
export function memberEvent(event: TrainingEvent, member: number): z.output<typeof trainingEvent> | undefined {
  switch (event.kind) {
    case "started":
      return { ...event, members: [event.members[member]] };
    case "progress":
      return { ...event, loss: [event.loss[member]], learningRate: [event.learningRate[member]] };
    case "checkpoint":
      return undefined;
    default:
      return event.member === member ? { ...event, member: 0 } : undefined;
  }
}

function refusal(place: string, complaint: string, cause: unknown): Fault {
  const remedy = "`gradus doctor` says what is damaged; a newer Gradus may have written it";
  return new Fault("store", place, complaint, remedy, { cause });
}
