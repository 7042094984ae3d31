/** Whether `text` names the axes n and d, or n, h and w with or without c, each once. */
export function isLayout(text: string): boolean {
  return ["dn", "hnw", "chnw"].includes([...text].sort().join(""));
}

/** What to do about a text that is no layout. */
export const layoutRemedy = "give the letters n and d, or n, h and w with or without c, each once, as hwcn";
