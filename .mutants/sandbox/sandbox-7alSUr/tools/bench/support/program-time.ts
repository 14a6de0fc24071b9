/** Loaded by every Node process of an update; the one that runs the program says at its end how long it ran. */
import { appendFileSync } from "node:fs";

const file = process.env["BENCH_PROGRAM_TIMES"];
const isProgram = /@pulumi[/\\]pulumi[/\\]cmd[/\\]run([/\\]index\.js)?$/.test(process.argv[1] ?? "");
if (file !== undefined && isProgram)
  process.on("exit", () => appendFileSync(file, `${process.uptime().toFixed(3)}\n`));
