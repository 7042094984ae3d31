import { expect, test } from "vitest";
import { createStudy } from "../search/study.ts";
import type { Console } from "./console.ts";
import { searchProgress } from "./search-progress.ts";

const study = createStudy({
  spec: { training: { steps: 100, schedule: { kind: "constant", rate: 0.01 } } },
  vary: { "training.lambda": { kind: "choice", values: [0.1, 0.2, 0.3, 0.4] } },
  stages: [{ sampler: { kind: "grid" } }],
});
const trials = study.ask();

test("while nothing has ended: how many train side by side, how far they are, and the time left", () => {
  const lines: string[] = [];
  const console = { json: true, progress: (parts: readonly string[]) => void lines.push(parts.join("  ")) };
  let now = 0;
  const { listen, onTrials } = searchProgress(console as unknown as Console, study.state(), () => now);
  const place = { packs: [[{ study: { state: study.state() } }]], index: 0, link: 0 } as never;
  const at = (step: number, members: number) => {
    now = 1000 * step;
    listen(
      { kind: "progress", step } as never,
      Array.from({ length: members }, () => ({ steps: 100 })) as never,
      place,
    );
    return lines.at(-1);
  };
  expect(lines).toEqual(["trial 0/4"]);
  expect(at(50, 4)).toBe("trial 0/4  4 side by side, update 50/100  50 s left");
  for (const trial of trials) study.tell(trial, 0.5, 1000);
  onTrials(study.state());
  expect(lines.at(-1)).toMatch(/^trial 4\/4 {2}best 50\.00 %/);
  expect(at(20, 1)).toMatch(/^trial 0\/4 {2}update 20\/100 {2}best 50\.00 %/);
});
