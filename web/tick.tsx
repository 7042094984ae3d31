import type { ComponentChildren } from "preact";

/** A box to tick, with its words behind it. */
export function Tick({
  checked,
  onTick,
  children,
}: {
  readonly checked: boolean;
  readonly onTick: (isTicked: boolean) => void;
  readonly children: ComponentChildren;
}) {
  return (
    <label class="tick">
      <input type="checkbox" checked={checked} onChange={({ currentTarget }) => onTick(currentTarget.checked)} />
      {children}
    </label>
  );
}
