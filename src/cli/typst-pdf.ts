import path from "node:path";
import { Fault } from "../fault/fault.ts";
import type { DocumentWithFiles } from "../report/markdown-report.ts";
import { requirePackage } from "./optional-package.ts";

/** What is used of @myriaddreamin/typst-ts-node-compiler. */
interface Typst {
  readonly NodeCompiler: {
    readonly create: (options: { readonly workspace: string }) => {
      readonly mapShadow: (file: string, content: Buffer) => void;
      readonly compile: (options: { readonly mainFilePath: string }) => {
        readonly result: object | null;
        readonly takeDiagnostics: () => { readonly shortDiagnostics: readonly unknown[] } | null;
      };
      readonly pdf: (document: object, options: { readonly creationTimestamp: number }) => Buffer;
    };
  };
}

/** Loads the Typst compiler. @throws Fault `usage` where it is not installed */
export function loadTypst(): Typst {
  return requirePackage("@myriaddreamin/typst-ts-node-compiler", {
    flag: "--format",
    complaint: "a PDF is set by the Typst compiler (51 MB)",
    otherwise: "--format tex",
    packages: ["@myriaddreamin/typst-ts-node-compiler"],
  }) as Typst;
}

/**
 * A Typst document and the files it shows as a PDF, without touching a disk.
 * @throws Fault `output` where the document does not compile: what its author has written into `file` is no Typst
 */
export function typstPdf(typst: Typst, { text, files }: DocumentWithFiles, day: string, file: string): Uint8Array {
  const workspace = path.resolve(path.dirname(file));
  const compiler = typst.NodeCompiler.create({ workspace });
  for (const [name, content] of Object.entries(files)) {
    compiler.mapShadow(path.join(workspace, name), Buffer.from(content));
  }
  const main = path.join(workspace, path.basename(file));
  compiler.mapShadow(main, Buffer.from(text));
  const compiled = compiler.compile({ mainFilePath: main });
  if (compiled.result === null) {
    const said = JSON.stringify(compiled.takeDiagnostics()?.shortDiagnostics ?? []);
    const remedy = `mend your words in ${file}, or move it away`;
    throw new Fault("output", file, `is not accepted by the Typst compiler: ${said.slice(0, 300)}`, remedy);
  }
  const creationTimestamp = Math.max(0, Math.floor(Date.parse(day) / 1000) || 0);
  return compiler.pdf(compiled.result, { creationTimestamp });
}
