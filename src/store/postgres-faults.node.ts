import { Fault } from "../fault/fault.ts";

/** What an error of a connection or of PostgreSQL (https://www.postgresql.org/docs/current/errcodes-appendix.html) says. */
interface Trouble {
  readonly code?: string;
  readonly message?: string;
  readonly errors?: readonly Trouble[];
}

/** `localhost` is tried under each of its addresses: the first one's error stands for all. */
function first(error: unknown): Trouble {
  const trouble = (error ?? {}) as Trouble;
  return trouble.errors?.[0] ?? trouble;
}

const lostCodes: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EAI_AGAIN",
  "25P03", // idle_in_transaction_session_timeout
  "57P01", // admin_shutdown
  "57P02", // crash_shutdown
  "57P03", // cannot_connect_now
  "53300", // too_many_connections
]);
const lostMessages =
  /Connection terminated|connection timeout|timeout exceeded when trying|Query read timeout|not queryable/i;

/** Whether the connection went, or there was none to be had: what was asked may be asked again. */
export function isLost(error: unknown): boolean {
  if (error instanceof Fault) return false;
  const { code = "", message = "" } = first(error);
  return lostCodes.has(code) || code.startsWith("08") || lostMessages.test(message);
}

/** Whether another transaction stood in the way of this one, which may be tried again. */
export function isCollision(error: unknown): boolean {
  const { code = "" } = first(error);
  return ["23505", "40001", "40P01", "55P03"].includes(code);
}

/** Whether a schema, a table or a type is there already that was to be made. */
export function isThere(error: unknown): boolean {
  return ["42P06", "42P07", "42710"].includes(first(error).code ?? "");
}

export function isReadOnly(error: unknown): boolean {
  return first(error).code === "25006";
}

const meanings: Readonly<Record<string, readonly [complaint: string, remedy: string]>> = {
  "28P01": ["the password is wrong", "give the right one in the address, in PGPASSWORD or in ~/.pgpass"],
  "28000": ["the database lets this user in from nowhere here", "ask whoever runs it for a line in pg_hba.conf"],
  "3D000": ["there is no such database", "make it: `createdb NAME`"],
  "25006": ["it can only be read", "name the primary server, or a user that may write"],
  "42501": ["this user may not do that", "GRANT CREATE ON DATABASE ... TO ..., by the database's owner"],
  "53100": ["the server's disk is full", "free some space there; then the same command goes on"],
  "53200": ["the server is out of memory", "give it more, or use fewer workers"],
  "53300": ["it has no connection left", "raise max_connections, or use fewer workers"],
  "57014": [
    "a statement took too long and was ended",
    "look what the server is busy with; then the same command goes on",
  ],
  DEPTH_ZERO_SELF_SIGNED_CERT: [
    "its certificate is its own",
    "name its file in the address: ?sslmode=verify-full&sslrootcert=FILE",
  ],
  SELF_SIGNED_CERT_IN_CHAIN: [
    "nobody known has signed its certificate",
    "name the signer's: ?sslmode=verify-full&sslrootcert=FILE",
  ],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: [
    "nobody known has signed its certificate",
    "name the signer's: ?sslmode=verify-full&sslrootcert=FILE",
  ],
  ENOTFOUND: ["there is no host of that name", "check the address"],
};
const unreachable = "check host and port, and that the server runs; `gradus hub` starts one of your own";

/** An error of PostgreSQL as a Fault that names the place; a Fault stays what it is, and so does a defect. */
export function postgresFault(place: string, error: unknown): unknown {
  if (error instanceof Fault) return error;
  const { code, message = "" } = first(error);
  const known = meanings[code ?? ""];
  if (known === undefined && isLost(error)) {
    return new Fault("store", place, `it does not answer: ${message || code}`, unreachable, { cause: error });
  }
  // A statement that is none is ours.
  if (known === undefined && code?.startsWith("42")) return error;
  // What has no code is a defect of the program, unless the driver says it of a handshake.
  if (known === undefined && code === undefined && !/SSL|SASL|SCRAM|certificate|password/i.test(message)) return error;
  const [complaint, remedy] = known ?? ["it cannot be used", "look into the server's log"];
  return new Fault("store", place, `${complaint} (${code === undefined ? "" : `${code}: `}${message})`, remedy, {
    cause: error,
  });
}
