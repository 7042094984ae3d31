import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { go } from "./address.ts";
import { lab } from "./lab.ts";
import { Listing } from "./listing.tsx";
import { stringify } from "./spec-text.ts";

interface BeginFormProps {
  /** The fields. */
  readonly children: ComponentChildren;
  /** Buttons beside the one that begins. */
  readonly tools?: ComponentChildren;
  readonly button: string;
  readonly isReady?: boolean;
  /** Asks the server; the link to what has begun, or undefined where it was refused. */
  readonly begin: () => Promise<string | undefined>;
  /** What will be sent, and what it is called. */
  readonly document: unknown;
  readonly name: string;
  readonly summary: string;
}

/** A form that begins something on the server, and shows the document that it sends. */
export function BeginForm(props: BeginFormProps) {
  const { children, tools, button, isReady = true, begin, document, name, summary } = props;
  const [isBeginning, setBeginning] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    setBeginning(true);
    const to = await begin();
    setBeginning(false);
    if (to !== undefined) go(to);
    else scrollTo(0, 0); // where the refusal stands
  };
  return (
    <>
      <form class="spec" onSubmit={(event) => void submit(event)}>
        {children}
        <div class="tools">
          {tools}
          <button type="submit" class="main" disabled={isBeginning || !isReady || lab.value?.isReadOnly !== false}>
            {isBeginning ? "Beginning…" : button}
          </button>
        </div>
      </form>
      <details>
        <summary>{summary}</summary>
        <Listing name={name} text={stringify(document)} />
      </details>
    </>
  );
}
