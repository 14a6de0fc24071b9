/** Loaded before a program (`node --import`): writes each call of its SDK clients down, a line each. */
import { appendFileSync } from "node:fs";
import { listenToCalls } from "./sdk-calls.ts";

const file = process.env["RECORDED_CALLS"];
if (file !== undefined) listenToCalls((call) => appendFileSync(file, `${JSON.stringify(call)}\n`));
