import { lookHere } from "./looking-thread.ts";
import { trainHere } from "./training-thread.ts";

// The workers of the page are one program, loaded once: what one of them does is its name.

if (self.name === "training") trainHere();
else lookHere();
