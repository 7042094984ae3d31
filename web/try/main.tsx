import { render } from "preact";
import { TryApp } from "./try-app.tsx";

render(<TryApp />, document.body);
