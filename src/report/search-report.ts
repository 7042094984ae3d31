import { htmlDocument } from "./html-report.ts";
import { type StudyMaterial, studyContent } from "./study-content.ts";

/** A search as one self-contained HTML file: what its trials say, the best of each stage, figures, and all trials. */
export async function searchReport(study: StudyMaterial): Promise<string> {
  return htmlDocument(await studyContent(study));
}
