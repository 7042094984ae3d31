/**
 * An error that is the user's to mend: what is wrong, where, and what to do about it.
 * Every refusal of Gradus is one of these; anything else that is thrown is a defect of Gradus.
 */
export class Fault extends Error {
  override readonly name = "Fault";
  readonly code: FaultCode;
  /** The key, file, flag or address at fault, as the user wrote it. */
  readonly place: string;
  /** What is wrong there, with the value; `message` is the place and this. */
  readonly complaint: string;
  /** What the user can do about it: one sentence. */
  readonly remedy: string;

  constructor(code: FaultCode, place: string, complaint: string, remedy: string, options?: ErrorOptions) {
    super(`${place}: ${complaint}`, options);
    this.code = code;
    this.place = place;
    this.complaint = complaint;
    this.remedy = remedy;
  }
}

/** Stable identifiers of the kinds of fault; `docs/cli.md` lists them with their exit codes. */
export type FaultCode =
  | "usage" // a flag, argument or command that does not exist or does not fit
  | "spec" // a key or value of a spec
  | "data" // a dataset file that is missing, truncated or altered
  | "network" // no source of a download could be reached
  | "device" // a device that is unknown or unavailable here
  | "store" // the store of runs, or a run in it
  | "output" // a file or folder that cannot be written
  | "diverged" // a run whose numbers left the finite
  | "check" // a gradient check that found a disagreement
  | "interrupted"; // stopped by Ctrl-C
