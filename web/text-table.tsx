import type { ComponentChildren } from "preact";
import type { TextTable } from "../src/report/text-table.ts";

/** A table of the lab's, as reports show it. */
export function TextTableView({ table }: { readonly table: TextTable }) {
  const { caption, columns, groups, notes, explanations } = table;
  return (
    <div class="text-table">
      <Scroll name={caption}>
        <table>
          <caption>{caption}</caption>
          <thead>
            <tr>
              {columns.map(({ header, kind }) => (
                <th key={header} scope="col" class={kind}>
                  {header === "" ? <span class="unseen">row</span> : header}
                </th>
              ))}
            </tr>
          </thead>
          {groups.map(({ heading, rows }) => (
            <tbody key={heading}>
              {heading === undefined ? null : (
                <tr>
                  <th scope="rowgroup" colSpan={columns.length}>
                    {heading}
                  </th>
                </tr>
              )}
              {rows.map(({ cells, tone }, row) => (
                <tr key={row}>
                  {cells.map((cell, i) => {
                    if (i === 0) {
                      return (
                        <th scope="row" class={columns[0].kind}>
                          {breakable(cell)}
                        </th>
                      );
                    }
                    const isLast = i === cells.length - 1;
                    return <td class={`${columns[i].kind} ${isLast ? (tone ?? "") : ""}`}>{cell}</td>;
                  })}
                </tr>
              ))}
            </tbody>
          ))}
        </table>
      </Scroll>
      {[...notes, ...explanations].map((note) => (
        <p key={note} class="note">
          {note}
        </p>
      ))}
    </div>
  );
}

/** A key of a spec, which may be broken behind its dots. */
function breakable(text: string): ComponentChildren {
  return text.split(/(?<=[a-z]\.)(?=[a-z])/).flatMap((part, i) => (i === 0 ? [part] : [<wbr key={i} />, part]));
}

/** What is wider than the page is scrolled in a region of its own, also by keyboard. */
export function Scroll({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reached by keyboard
    <section class="scroll" tabIndex={0} aria-label={name}>
      {children}
    </section>
  );
}
