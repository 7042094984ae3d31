import { Fault } from "../fault/fault.ts";
import { unknownName } from "../fault/nearest.ts";
import { completionScripts, shells } from "./completion-scripts.ts";

/** `gradus completion bash|zsh|fish` */
export function completionCommand(name: string): void {
  const shell = shells.find((each) => each === name);
  if (shell === undefined) {
    throw new Fault("usage", "completion", unknownName(name, shells), `give one of: ${shells.join(", ")}`);
  }
  process.stdout.write(completionScripts[shell]);
}
