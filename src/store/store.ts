import type { Maintenance } from "./maintenance.ts";

/** A log as a list shows it. */
export interface StoredLog {
  /** Its name, which no other log of the store has. */
  readonly log: string;
  /** What it tells of, e.g. `run`: the store only tells kinds apart. */
  readonly kind: string;
  /** How many entries it has. */
  readonly entries: number;
  /** The store's number when it began, and when it last changed: later is greater, whatever any clock says. */
  readonly began: number;
  readonly changed: number;
  /** It is in the trash. */
  readonly isRemoved: boolean;
  /** What `summarise` was last told of it. */
  readonly summary?: Summary;
}

/** A short text about a log, for lists; what it says, only its writers and readers know. */
export interface Summary {
  /** It is of the log as it was after so many entries. */
  readonly entries: number;
  readonly text: string;
}

export interface StoredArtifact {
  readonly log: string;
  readonly id: string;
  /** Bytes. */
  readonly size: number;
}

/** Entries for one log, with the bytes they name. */
export interface Append {
  readonly log: string;
  readonly kind: string;
  /** The position of the first entry; at 0 the log begins. */
  readonly at: number;
  readonly entries: readonly string[];
  /** Bytes to keep, and ids of bytes to drop, with them. */
  readonly put?: readonly Uint8Array[];
  readonly drop?: readonly string[];
}

/** Which logs: all, but for those that were removed, where nothing is said. */
export interface LogFilter {
  /** The one of this name. */
  readonly log?: string;
  readonly kind?: string;
  /** Those that have changed after this number, those that were removed included. */
  readonly since?: number;
  /** Only those in the trash. */
  readonly removed?: boolean;
}

/** The right to write a log; nobody else has it, and it ends with the process that holds it, however that ends. */
export interface Claim {
  release(): Promise<void>;
}

/**
 * Where runs and studies are kept: a log of texts for each, and bytes beside it. It does not know what they mean.
 * What a promise has been fulfilled for is on disk, and stays there whatever dies; what was refused has left nothing.
 * Any number of processes may have the same store open.
 * Every method @throws Fault `store` where the store cannot be read or written, is damaged, or is no longer in its place.
 */
export interface Store {
  /** Where it is, for people. */
  readonly place: string;
  readonly maintenance: Maintenance;
  /** Whether what is written comes to be in its place: a file that is removed while it is open takes it, and gives it to nobody. */
  isInPlace(): Promise<boolean>;

  /**
   * Adds entries to logs, all of them or none. The same entries at the same place once more change nothing: a caller
   * who does not know whether they arrived may ask again.
   * @throws Fault `store` where others are there already, where there is a gap before them, where the log is of another
   * kind or in the trash
   */
  append(...appends: readonly Append[]): Promise<void>;
  /** The entries from position `from` on; none of a log that is not there. */
  read(log: string, from?: number): Promise<readonly string[]>;
  /** Logs by their beginning, the oldest first. */
  logs(filter?: LogFilter): Promise<readonly StoredLog[]>;
  /** The number of the last change: what `logs({ since })` begins from. */
  changed(): Promise<number>;
  /** Keeps summaries for lists; one of fewer entries than the last is passed over, as is one of a log that is not there. */
  summarise(summaries: readonly (Summary & { readonly log: string })[]): Promise<void>;
  /** Puts a log into the trash; false when it is not there, or is in the trash already. */
  remove(log: string): Promise<boolean>;
  /** Takes a log out of the trash; false when it is not in there. */
  restore(log: string): Promise<boolean>;

  /** Keeps bytes for a log that is there; returns their id, their SHA-256 in hexadecimal. */
  put(log: string, bytes: Uint8Array): Promise<string>;
  /** The bytes, which are those that were put; undefined when they are not there. */
  get(log: string, id: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  drop(log: string, id: string): Promise<void>;
  artifacts(log?: string): Promise<readonly StoredArtifact[]>;

  /** Undefined while somebody else, or another claim of this process, has it. */
  claim(log: string): Promise<Claim | undefined>;
  isClaimed(log: string): Promise<boolean>;
  close(): Promise<void>;
}

/** Names that a log may have: they are parts of file names too. */
export const logName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
/** Names that a kind of log may have. */
export const kindName = /^[a-z][a-z-]{0,29}$/;
