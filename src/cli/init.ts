import { existsSync, lstatSync } from "node:fs";
import path from "node:path";
import { Fault } from "../fault/fault.ts";
import { unknownName } from "../fault/nearest.ts";
import { specJsonSchema } from "../record/spec-json-schema.ts";
import { conclude, createConsole } from "./console.ts";
import { writePages } from "./output-file.ts";
import { schemaFile } from "./schema-comment.ts";
import { templates } from "./templates.ts";

/** `gradus init a1|a2|a3|own-data [FOLDER]` */
export async function initCommand(
  name: string,
  folder: string = name,
  options: { readonly json?: boolean } = {},
): Promise<void> {
  const console = createConsole(options);
  if (!Object.hasOwn(templates, name)) {
    const complaint = unknownName(name, Object.keys(templates));
    throw new Fault("usage", "init", complaint, `give one of: ${Object.keys(templates).join(", ")}`);
  }
  const { title, text, files } = templates[name];
  const pages = {
    ...files(),
    "README.md": readme(title, text, folder),
    [schemaFile]: `${JSON.stringify(specJsonSchema(), null, 2)}\n`,
  };
  requireFree(folder, Object.keys(pages));
  await writePages("init", folder, pages);
  if (!console.json) {
    console.say(
      `wrote ${Object.keys(pages)
        .map((file) => path.join(folder, file))
        .join(", ")}`,
    );
    console.say(
      `\nBegin with:\n  cd ${quoted(folder)}\n  gradus train spec.yaml\n\n${path.join(folder, "README.md")} has the other commands.`,
    );
  }
  conclude(console, { folder, written: Object.keys(pages) }, undefined);
}

/** Nothing that is there is written over. @throws Fault `output` */
function requireFree(folder: string, names: readonly string[]): void {
  const isFile = existsSync(folder) && !lstatSync(folder).isDirectory();
  if (folder === "" || isFile) {
    throw new Fault(
      "output",
      folder === "" ? '""' : folder,
      "it is no folder",
      "name a folder, or one that is not there yet",
    );
  }
  const there = names.filter((name) => existsSync(path.join(folder, name)));
  if (there.length === 0) return;
  const complaint = `${there.join(", ")} ${there.length === 1 ? "is" : "are"} there already, and nothing is written over`;
  throw new Fault("output", folder, complaint, "name another folder: gradus init NAME FOLDER");
}

function readme(title: string, text: string, folder: string): string {
  return `# ${title}

\`spec.yaml\` says everything about a run, with a comment at each key. In this folder (\`cd ${folder}\`; in a clone of Gradus,
type \`npx gradus\` for \`gradus\`):

${text}

Runs are kept in \`.gradus\`: \`gradus runs\` lists them, \`gradus serve\` shows them in a browser. \`gradus spec KEY\` explains a
key of a spec; editors with a YAML language server explain them as you type, by \`${schemaFile}\`.
`;
}

function quoted(folder: string): string {
  return /^[\w./-]+$/.test(folder) ? folder : `'${folder.replaceAll("'", "'\\''")}'`;
}
