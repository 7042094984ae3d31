/** How many entries a run's log has. */
interface StoredLog {
  readonly run: string;
  readonly entries: number;
}

interface StoredArtifact {
  readonly run: string;
  readonly id: string;
  /** Bytes. */
  readonly size: number;
}

/** The right to write a run; nobody else has it, and it ends with the process that holds it, however that ends. */
export interface Claim {
  release(): Promise<void>;
}

/**
 * Where runs are kept: a log of texts for each, and bytes beside it. It does not know what they mean.
 * What a promise has been fulfilled for is on disk, and stays there whatever dies; what was refused has left nothing.
 * Any number of processes may have the same store open.
 * Every method @throws Fault `store` where the store cannot be read or written, or is damaged.
 */
export interface Store {
  /** Where it is, for people. */
  readonly place: string;
  /**
   * Adds entries to a run's log, all or none, the first at position `at`; at 0 it makes the run. The same entries
   * at the same place once more change nothing: a caller who does not know whether they arrived may ask again.
   * @throws Fault `store` where others are there already, or where there is a gap before them
   */
  append(run: string, at: number, entries: readonly string[]): Promise<void>;
  /** The entries from position `from` on; none of a run that is not there. */
  read(run: string, from?: number): Promise<readonly string[]>;
  /** All runs, by their names. */
  runs(): Promise<readonly StoredLog[]>;
  /** Removes a run with its artifacts; false when it is not there. */
  remove(run: string): Promise<boolean>;

  /** Keeps bytes for a run that is there; returns their id, their SHA-256 in hexadecimal. */
  put(run: string, bytes: Uint8Array): Promise<string>;
  /** The bytes, which are those that were put; undefined when they are not there. */
  get(run: string, id: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  drop(run: string, id: string): Promise<void>;
  artifacts(run?: string): Promise<readonly StoredArtifact[]>;

  /** Undefined while somebody else, or another claim of this process, has it. */
  claim(run: string): Promise<Claim | undefined>;
  isClaimed(run: string): Promise<boolean>;
  close(): Promise<void>;
}

/** Names that a run may have: they are parts of file names too. */
export const runName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
