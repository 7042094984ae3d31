// `npm start`: the reference run, from whatever state the checkout is in.
process.argv.splice(2, 0, "start");
await import("../bin/gradus.js");
