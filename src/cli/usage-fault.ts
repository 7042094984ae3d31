import type { Command, CommanderError } from "commander";
import { Fault } from "../fault/fault.ts";

const PLACE = "command line";

/** What commander says of a command line that does not fit `command`, as a Fault. */
export function usageFault(error: CommanderError, command: Command): Fault {
  const name = fullName(command);
  const remedy = `see ${name} --help`;
  if (error.code === "commander.help") return new Fault("usage", PLACE, `${name} needs a subcommand`, remedy);
  // "error: unknown option '--jsn'\n(Did you mean --json?)"
  const [complaint, suggestion = ""] = error.message.replace(/^error: /, "").split("\n");
  const [, flag] = /^(?:unknown )?option '(?:-\w, )?(-[^ ']+)/.exec(complaint) ?? [];
  const isTooMany = error.code === "commander.excessArguments";
  return new Fault(
    "usage",
    flag ?? PLACE,
    `${complaint} ${suggestion}`.trimEnd(),
    isTooMany ? `put a path that has spaces in quotes; ${remedy}` : remedy,
  );
}

/** `gradus data fetch` */
function fullName(command: Command): string {
  return command.parent === null ? command.name() : `${fullName(command.parent)} ${command.name()}`;
}
