/*
 * Loaded into the process of the program before the program: ends it with the engine. The engine's end of its standard
 * input closes however the engine dies, and without an engine the SDK waits for answers that never come.
 */
process.stdin.once("close", () => process.exit(1));
process.stdin.resume();
process.stdin.unref();
