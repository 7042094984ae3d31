import type { JSX } from "preact";
import { pageThreads } from "../../src/math/page-threads.ts";
import { address, link } from "../address.ts";
import { useFocusAt } from "../page-focus.ts";
import { CheckPage } from "./check-page.tsx";
import { StepPage } from "./step-page.tsx";
import { TrainPage } from "./train-page.tsx";

const pages: Readonly<Record<string, () => JSX.Element>> = { train: TrainPage, step: StepPage, check: CheckPage };

const tabs = [
  { page: "train", name: "Train" },
  { page: "step", name: "Step by step" },
  { page: "check", name: "Gradient check" },
];

/** Gradus without anything but a page. */
export function TryApp() {
  const { page: asked } = address.value;
  const page = asked in pages ? asked : "train";
  const Page = pages[page];
  const main = useFocusAt(page);
  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <header>
        <a class="wordmark" href={link("train")}>
          Gradus
        </a>
        <nav aria-label="Pages">
          {tabs.map((tab) => (
            <a key={tab.page} href={link(tab.page)} aria-current={tab.page === page ? "page" : undefined}>
              {tab.name}
            </a>
          ))}
        </nav>
        <p class="connection">{threadsText(pageThreads())}</p>
      </header>
      <main ref={main} id="main" tabIndex={-1}>
        <Page />
      </main>
    </>
  );
}

function threadsText(threads: number): string {
  if (globalThis.crossOriginIsolated) return `in this page, ${threads} thread${threads === 1 ? "" : "s"}`;
  return "in this page, one thread: it is not cross-origin isolated";
}
