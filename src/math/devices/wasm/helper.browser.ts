import { help } from "./team.ts";

// A worker of a page's that helps a team (`start-helper.browser.ts`): says that it runs, and helps for ever once it is asked.

addEventListener("message", ({ data }) => help(data));
postMessage("ready");
