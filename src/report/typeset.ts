// The quantities that reports write as `λ`, `η`, `η_min`, `η_max` and `n_s`, found in what a format made of the text.

export function typesetHtml(markup: string): string {
  return markup
    .replace(/\bn_s\b/g, "<var>n</var><sub>s</sub>")
    .replace(/η_(min|max)\b/g, "<var>η</var><sub>$1</sub>")
    .replace(/[λη](?![<\p{L}])/gu, "<var>$&</var>");
}

export function typesetMarkdown(text: string): string {
  return text.replace(/\bn\\_s\b/g, "n<sub>s</sub>").replace(/η\\_(min|max)\b/g, "η<sub>$1</sub>");
}

export function typesetLatex(text: string): string {
  return text.replace(/\bn\\_s\b/g, "$n_s$").replace(/\$\\eta\$\\_(min|max)\b/g, (_, end) => `$\\eta_{\\${end}}$`);
}
