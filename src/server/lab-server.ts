import type { Store } from "../store/store.ts";
import type { Access } from "./access.ts";
import type { Follower } from "./changes.ts";
import type { Searches } from "./searches.ts";
import type { Trainings } from "./trainings.ts";

/** What the routes of a server stand on. */
export interface LabServer {
  readonly store: Store;
  readonly access: Access;
  readonly follower: Follower;
  /** Absent where nothing may be begun or changed: of a file, runs are only looked at. */
  readonly trainings?: Trainings | undefined;
  /** Absent where `trainings` is. */
  readonly searches?: Searches | undefined;
  /** The folder of the page's own files. */
  readonly site: string;
  /** Hears what is a defect of Gradus, and not of a request. */
  readonly onDefect: (error: Error) => void;
  /** Aborted when the server ends. */
  readonly ending: AbortSignal;
}
