/** An entry as it lies in the store, whether or not it is as it was written. */
interface StoredEntry {
  readonly position: number;
  readonly body: string;
  readonly isSound: boolean;
}

/** What keeps a store in order: apart from the store's daily use, for those who look after one. */
export interface Maintenance {
  /** What is wrong with the store itself, in its own words; [] when nothing is. */
  integrity(): Promise<readonly string[]>;
  /** Names of logs, of which the store's own notes (kind, length, order) are damaged or missing. */
  damagedLogs(): Promise<readonly string[]>;
  /** Everything that lies under a log's name, by position; those that are missing are not among them. */
  entries(log: string): Promise<readonly StoredEntry[]>;
  /** Writes one entry in place of a damaged or a missing one. */
  replace(log: string, position: number, body: string): Promise<void>;
  /** Writes the store's notes of a log anew, from its entries. */
  renew(log: string, kind: string): Promise<void>;
  /** Removes for good what is in the trash; returns its names. */
  prune(): Promise<readonly string[]>;
  /** Copies the store into a new file while others write to it. @throws Error as writing a file does */
  backup(file: string): Promise<void>;
}
