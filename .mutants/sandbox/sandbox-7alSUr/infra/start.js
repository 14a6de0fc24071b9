// Pulumi starts here: before any TypeScript is read.
import { RunError } from "@pulumi/pulumi";
import { nodeProblem } from "../contract/checks/node-problem.js";

const problem = nodeProblem();
// Pulumi shows the message of this error without a stack trace.
if (problem !== undefined) throw new RunError(problem);

// Pulumi's runner maps the stack trace of every promise through source maps (cmd/run/index.js, debuggablePromise), a
// fifth of an update's time. Ours has none: Node strips the types and leaves every line where it was.
Error.prepareStackTrace = undefined;

// Not by a static import, which would be read before.
const { default: outputs } = await import("./index.ts");

export default outputs;
