import { Scroll } from "./text-table.tsx";

/** Text to be copied, line by line as it is. */
export function Listing({ name, text }: { readonly name: string; readonly text: string }) {
  return (
    <Scroll name={name}>
      <pre>{text}</pre>
    </Scroll>
  );
}
