import { Fault } from "../fault/fault.ts";
import { unknownName } from "../fault/nearest.ts";
import { completionScripts, shells } from "./completion-scripts.ts";
import { conclude, createConsole } from "./console.ts";

/** `gradus completion bash|zsh|fish` */
export function completionCommand(name: string, options: { readonly json?: boolean }): void {
  const shell = shells.find((each) => each === name);
  if (shell === undefined) {
    throw new Fault("usage", "completion", unknownName(name, shells), `give one of: ${shells.join(", ")}`);
  }
  const script = completionScripts[shell];
  const console = createConsole(options);
  if (!console.json) console.say(script.trimEnd());
  conclude(console, { shell, script }, undefined);
}
