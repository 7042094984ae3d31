import type { JSX } from "preact";
import { address, link } from "./address.ts";
import { refusal } from "./ask.ts";
import { ComparePage } from "./compare-page.tsx";
import { ExperimentPage } from "./experiment-page.tsx";
import { ExperimentsPage } from "./experiments-page.tsx";
import { connection, lab } from "./lab.ts";
import { NewRunPage } from "./new-run-page.tsx";
import { NewSearchPage } from "./new-search-page.tsx";
import { useFocusAt } from "./page-focus.ts";
import { RefusalNote } from "./refusal-note.tsx";
import { RunPage } from "./run-page.tsx";
import { RunsPage } from "./runs-page.tsx";
import { SearchPage } from "./search-page.tsx";
import { SearchesPage } from "./searches-page.tsx";

const pages: Readonly<Record<string, () => JSX.Element>> = {
  runs: RunsPage,
  run: RunPage,
  compare: ComparePage,
  experiments: ExperimentsPage,
  experiment: ExperimentPage,
  searches: SearchesPage,
  search: SearchPage,
  new: NewRunPage,
  "new-search": NewSearchPage,
};

const tabs = [
  { page: "runs", name: "Runs", holds: ["runs", "run", "compare"] },
  { page: "searches", name: "Searches", holds: ["searches", "search", "new-search"] },
  { page: "experiments", name: "Experiments", holds: ["experiments", "experiment"] },
  { page: "new", name: "New run", holds: ["new"] },
];

export function App() {
  const { page, id } = address.value;
  const Page = pages[page] ?? RunsPage;
  const main = useFocusAt(`${page} ${id}`);
  const isReadOnly = lab.value?.isReadOnly ?? false;
  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <header>
        <a class="wordmark" href={link("runs")}>
          Gradus
        </a>
        <nav aria-label="Pages">
          {tabs
            .filter((tab) => tab.page !== "new" || !isReadOnly)
            .map((tab) => (
              <a key={tab.page} href={link(tab.page)} aria-current={tab.holds.includes(page) ? "page" : undefined}>
                {tab.name}
              </a>
            ))}
          <a href="try/">Train in the page</a>
        </nav>
        <Connection />
      </header>
      <main ref={main} id="main" tabIndex={-1}>
        <LastRefusal />
        <Page key={`${page} ${id}`} />
      </main>
    </>
  );
}

const connections = {
  connecting: "connecting",
  live: "live",
  lost: "connection lost: what you see may be old; trying again",
};

function Connection() {
  const isReadOnly = lab.value?.isReadOnly ?? false;
  return (
    <p class={`connection ${connection.value}`} role="status">
      <span class="place">
        {lab.value?.place}
        {isReadOnly ? ", read-only" : ""}
      </span>{" "}
      <span class="dot" aria-hidden="true" /> {connections[connection.value]}
    </p>
  );
}

function LastRefusal() {
  if (refusal.value === undefined) return null;
  return (
    <RefusalNote refusal={refusal.value}>
      <button type="button" onClick={() => (refusal.value = undefined)}>
        Put away
      </button>
    </RefusalNote>
  );
}
