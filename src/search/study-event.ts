import { z } from "zod";
import { Fault } from "../fault/fault.ts";
import { fromExactJson, toExactJson } from "../record/number.ts";
import { dimensionSchema } from "./dimension.ts";
import { searchSchema } from "./search-document.ts";

// A study's log: what happened in a search, in order. What a study is, is what `study-state.ts` makes of these.

const count = z.int().min(0);
const number = z.custom<number>((value) => typeof value === "number", "a number");

/** Who computed something, where many machines do. */
const workerSchema = z.strictObject({ host: z.string(), device: z.string() });

/** What came of one run of a trial. */
const outcomeSchema = z.strictObject({
  state: z.enum(["finished", "diverged", "pruned", "failed"]),
  /** On the validation images, as a fraction; of a pruned run the last that was measured. */
  accuracy: number.exactOptional(),
  trainAccuracy: number.exactOptional(),
  loss: number.exactOptional(),
  parameters: count.exactOptional(),
  /** Of training; side by side, its share. */
  seconds: number.exactOptional(),
  weightsSha256: z.string().exactOptional(),
  /** Why it failed. */
  complaint: z.string().exactOptional(),
  /** Version 0.3.0 wrote it here for runs that were known already; it belongs beside. */
  by: workerSchema.exactOptional(),
});

const studyEventSchema = z.discriminatedUnion("kind", [
  /** The first entry of every log. */
  z.strictObject({ kind: z.literal("created"), document: searchSchema }),
  z.strictObject({
    kind: z.literal("stage"),
    stage: count,
    space: z.record(z.string(), dimensionSchema),
    /** How its ranges came about, so that it can be questioned. */
    narrowing: z
      .strictObject({
        rule: z.string(),
        widen: number,
        /** The trials it rests on. */
        from: z.array(count),
        /** Paths whose best value lies at an end of the range before: what is sought may lie beyond. */
        atEdge: z.array(z.string()),
      })
      .exactOptional(),
  }),
  z.strictObject({
    kind: z.literal("proposed"),
    trial: count,
    stage: count,
    setting: z.record(z.string(), z.json()),
    by: z.enum(["sampler", "person"]),
    /** Why it is no spec, where it is none. */
    refused: z.string().exactOptional(),
  }),
  z.strictObject({
    kind: z.literal("ended"),
    trial: count,
    seed: count,
    fold: count.exactOptional(),
    /** The run in the store, where it is kept. */
    run: z.string().exactOptional(),
    /** Validation images it was measured on, all folds together. */
    images: count.exactOptional(),
    by: workerSchema.exactOptional(),
    outcome: outcomeSchema,
  }),
  /** A trial has come to a rung of its pruner, and goes on or ends. */
  z.strictObject({
    kind: z.literal("reached"),
    trial: count,
    /** In updates. */
    rung: count,
    accuracy: number,
    goesOn: z.boolean(),
  }),
  /** Which validation images a run's model has right: a bit each, in base64. */
  z.strictObject({ kind: z.literal("judged"), trial: count, seed: count, images: count, right: z.string() }),
  /** The winner, trained for good, and what it gives on the test set, which is asked this once. */
  z.strictObject({
    kind: z.literal("final"),
    trial: count,
    run: z.string(),
    trainImages: count,
    testImages: count,
    testAccuracy: number,
    testLoss: number,
  }),
  /** Stands where an entry was damaged or missing when the log was repaired. */
  z.strictObject({ kind: z.literal("lost") }),
]);

export type StudyEvent = z.output<typeof studyEventSchema>;
export type Outcome = z.output<typeof outcomeSchema>;

/** @throws ZodError for what could not be read again: a defect, found before it is in a log */
export function encodeStudyEvent(event: StudyEvent): string {
  studyEventSchema.parse(event);
  return toExactJson(event);
}

/** @throws Fault `store` naming `place`, for a text that is no entry of a study's log */
export function decodeStudyEvent(text: string, place: string): StudyEvent {
  try {
    return studyEventSchema.parse(fromExactJson(text));
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? cause.issues[0].message : "not JSON";
    const remedy = "`gradus doctor` says what is damaged; a newer Gradus may have written it";
    throw new Fault("store", place, reason, remedy, { cause });
  }
}
