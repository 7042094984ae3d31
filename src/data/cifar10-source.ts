import type { Cifar10Member } from "./cifar10.ts";

/** A place that CIFAR-10 can be had from. A new one is one file that makes one of these, and a line in `fetchCifar10`. */
export interface Cifar10Source {
  /** As progress and errors name it. */
  readonly name: string;
  /** Delivers the members that are asked for, or throws a Fault that says what the source answered. */
  readonly deliver: (order: Cifar10Order) => Promise<void>;
  /** Removes what its interrupted deliveries left in the data folder; called when the dataset is whole. */
  readonly tidy?: (folder: string) => Promise<void>;
}

/** What a source is asked for, and where it may work. */
export interface Cifar10Order {
  readonly members: readonly Cifar10Member[];
  /** The data folder: for what shall outlive the order, such as a partial download. */
  readonly folder: string;
  /** An empty folder on the same file system, removed after the order. */
  readonly scratch: string;
  readonly signal: AbortSignal | undefined;
  /** Takes the bytes of a member's `.bin` file; refuses any but the official ones. `place` says where they came from. */
  readonly keep: (member: Cifar10Member, bytes: Uint8Array, place: string) => Promise<void>;
  readonly report: (step: Cifar10Step, done: number, total: number) => void;
}

/** A download counts in bytes; "write", which unpacks, decodes and stores, in members. */
export type Cifar10Step = "download" | "write";
