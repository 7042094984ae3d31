import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { createAdaptorServer } from "@hono/node-server";

/** Milliseconds that a client may take for a request, or take nothing of what waits for it. */
export const usualPatience = 30_000;

type Answer = (request: Request) => Response | Promise<Response>;

/**
 * An HTTP server that no client holds up. A request, its head and its body, has to be there within `patience` milliseconds; a client
 * that takes nothing of its answer for as long is dropped; and a connection is answered one request after the other, so that who reads
 * none of many answers has but one made.
 */
export function createPatientServer(answer: Answer, patience: number): Server {
  const server = createAdaptorServer({
    fetch: async (request, { incoming, outgoing }) => {
      const { socket } = incoming as IncomingMessage;
      await turn(socket, outgoing as ServerResponse);
      // Whoever was dropped has asked in vain.
      return socket.destroyed ? new Response() : await answer(request);
    },
    serverOptions: {
      headersTimeout: patience,
      requestTimeout: patience,
      connectionsCheckingInterval: Math.ceil(patience / 4),
    },
  }) as Server;
  const last = new WeakMap<Socket, ServerResponse>();
  /** Waits for the answers before this one on its connection. */
  const turn = async (socket: Socket, outgoing: ServerResponse) => {
    const before = last.get(socket);
    last.set(socket, outgoing);
    if (before === undefined || before.closed) return;
    await new Promise((resolve) => before.once("close", resolve));
  };
  server.setTimeout(patience);
  server.on("timeout", (socket: Socket) => {
    const answering = last.get(socket);
    // Who waits for an answer is kept: a stream without news, or a long computation.
    if (answering === undefined || answering.closed) socket.destroy();
  });
  dropDeaf(server, patience);
  return server;
}

interface Seen {
  readonly mark: string;
  readonly at: number;
}

/** Drops connections that take nothing of what waits for them, whatever they go on saying: Node's own timeouts count that as a sign of life. */
function dropDeaf(server: Server, patience: number): void {
  const sockets = new Map<Socket, Seen | undefined>();
  server.on("connection", (socket: Socket) => {
    sockets.set(socket, undefined);
    socket.once("close", () => sockets.delete(socket));
  });
  const look = () => {
    const now = performance.now();
    for (const [socket, seen] of sockets) {
      const mark = waitingIn(socket);
      if (mark === undefined) sockets.set(socket, undefined);
      else if (mark !== seen?.mark) sockets.set(socket, { mark, at: now });
      else if (now - seen.at >= patience) socket.destroy();
    }
  };
  const timer = setInterval(look, Math.ceil(patience / 4)).unref();
  server.once("close", () => clearInterval(timer));
}

/** What waits to be taken, as something that changes whenever some of it is; undefined where nothing waits. */
function waitingIn(socket: Socket): string | undefined {
  if (socket.writableLength === 0) return undefined;
  // Of one large piece, the system's queue alone tells how much is gone.
  const { _handle: handle } = socket as { readonly _handle?: { readonly writeQueueSize?: number } };
  return `${socket.bytesWritten} ${socket.writableLength} ${handle?.writeQueueSize}`;
}
