import { render } from "preact";
import { App } from "./app.tsx";
import { followLab } from "./lab.ts";

followLab();
render(<App />, document.body);
