import { useState } from "preact/hooks";

type Written = HTMLInputElement | HTMLTextAreaElement;

interface Draft {
  readonly text: string;
  /** What the page had when it was written. */
  readonly over: string;
  readonly isLeft: boolean;
}

interface Typing {
  readonly currentTarget: Pick<Written, "value">;
}

/**
 * The value and the listeners of a text field. What is being written is a draft until the field is left and the page has taken it:
 * a page that moves on meanwhile, as one does beside a training, takes nothing away.
 */
export function useDraft(value: string, take: (text: string) => void) {
  const [draft, setDraft] = useState<Draft>();
  const isTaken = draft?.isLeft === true && draft.over !== value;
  if (isTaken) setDraft(undefined);
  return {
    value: isTaken ? value : (draft?.text ?? value),
    onInput: ({ currentTarget }: Typing) => setDraft({ text: currentTarget.value, over: value, isLeft: false }),
    onChange: ({ currentTarget }: Typing) => {
      setDraft({ text: currentTarget.value, over: value, isLeft: true });
      take(currentTarget.value);
    },
    // Without a change before it: what was written has been taken back.
    onBlur: () => setDraft((last) => (last?.isLeft ? last : undefined)),
  };
}
