import { useState } from "preact/hooks";
import type { Spec, SpecInput } from "../../src/record/spec.ts";
import { download } from "../download.ts";
import { Listing } from "../listing.tsx";
import { bundledFile, csvOf } from "./bundled-sets.ts";
import { specYaml } from "./spec-yaml.ts";

interface OpenInGradusProps {
  readonly written: SpecInput;
  readonly spec: Spec | undefined;
}

/** The same training on the command line: its spec, its files, and what to type. */
export function OpenInGradus({ written, spec }: OpenInGradusProps) {
  const text = specYaml(written);
  const [isCopied, setCopied] = useState(false);
  const name = (spec?.name ?? "training").replace(/[^\w.-]+/g, "-");
  const dataset = spec?.data.dataset;
  const files = typeof dataset !== "object" ? [] : [...dataset.train, dataset.test ?? ""];
  const bundled = files.flatMap((file) => bundledFile(file) ?? []);
  const command = `npx gradus train ${name}.yaml`;
  const copy = async () => {
    await navigator.clipboard?.writeText(location.href);
    setCopied(true);
  };
  return (
    <section aria-label="Open in Gradus">
      <h2>Open in Gradus</h2>
      <p>
        On the command line the same training ends with the same weights, bit for bit. Save the files into one folder,
        and type there:
      </p>
      <Listing name="command" text={command} />
      <div class="tools">
        <button type="button" onClick={() => download(`${name}.yaml`, text, "text/yaml")}>
          {name}.yaml
        </button>
        {bundled.map(({ set, part }) => (
          <button
            key={part}
            type="button"
            onClick={() => download(`${set.name}-${part}.csv`, csvOf(set, part), "text/csv")}
          >
            {set.name}-{part}.csv
          </button>
        ))}
        <button type="button" onClick={() => void copy()}>
          {isCopied ? "Link copied" : "Copy the link"}
        </button>
      </div>
      <details>
        <summary>The spec</summary>
        <Listing name="spec" text={text} />
      </details>
    </section>
  );
}
