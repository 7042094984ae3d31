import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { Fault } from "../fault/fault.ts";
import type { Store } from "../store/store.ts";
import { accessOf, bracketed } from "./access.ts";
import { createApp } from "./app.ts";
import { createFollower } from "./changes.ts";
import { createPatientServer, usualPatience } from "./patient-server.ts";
import { createSearches } from "./searches.ts";
import { createTrainings } from "./trainings.ts";

export interface ServeOptions {
  readonly address: string;
  /** 0 takes one that is free. */
  readonly port: number;
  readonly token?: string | undefined;
  /** Runs are only looked at. */
  readonly isReadOnly: boolean;
  /** The folder of the page's own files. */
  readonly site: string;
  /** Hears what ended a training that had begun, other than being stopped. */
  readonly onFailure: (run: string, error: unknown) => void;
  /** Hears what is a defect of Gradus, and not of a request. */
  readonly onDefect: (error: Error) => void;
  /** Milliseconds that a client may keep it waiting. */
  readonly patience?: number | undefined;
}

export interface Served {
  /** Where a browser opens it, with its token. */
  readonly url: string;
  /** Stops the trainings that it began, and the server. */
  close(): Promise<void>;
}

/** Serves a store. @throws Fault `usage` for an address that it must not or cannot have */
export async function serveLab(store: Store, options: ServeOptions): Promise<Served> {
  const { address, token, site, isReadOnly, onFailure, onDefect, patience = usualPatience } = options;
  accessOf(address, options.port, token);
  const ending = new AbortController();
  const trainings = isReadOnly ? undefined : createTrainings(store, onFailure);
  const searches = isReadOnly ? undefined : createSearches(store, onFailure);
  let app: ReturnType<typeof createApp> | undefined;
  const answer = (request: Request) => app?.fetch(request) ?? new Response(null, { status: 503 });
  const server = createPatientServer(answer, patience);
  server.listen(options.port, address);
  try {
    await once(server, "listening");
  } catch (cause) {
    throw cannotListen(options, cause as NodeJS.ErrnoException);
  }
  const { port } = server.address() as AddressInfo;
  const access = accessOf(address, port, token);
  const follower = createFollower(store);
  app = createApp({ store, access, follower, trainings, searches, site, onDefect, ending: ending.signal });
  const host = ["0.0.0.0", "::"].includes(address) ? "127.0.0.1" : address;
  return {
    url: `http://${bracketed(host)}:${port}/${token === undefined ? "" : `?token=${encodeURIComponent(token)}`}`,
    async close() {
      ending.abort();
      await Promise.all([trainings?.close(), searches?.close()]);
      server.close();
      if ("closeAllConnections" in server) server.closeAllConnections();
    },
  };
}

function cannotListen({ address, port }: ServeOptions, cause: NodeJS.ErrnoException): Fault {
  if (cause.code === "EADDRINUSE") {
    const remedy = "give another --port, or --port 0 for one that is free";
    return new Fault("usage", "--port", `${port} is taken already`, remedy, { cause });
  }
  return new Fault(
    "usage",
    "--host",
    `cannot listen on ${address}: ${cause.message}`,
    "give an address of this machine",
    {
      cause,
    },
  );
}
