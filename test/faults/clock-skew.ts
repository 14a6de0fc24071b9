/**
 * Loaded into a process before its program (`node --import`): its machine's clock is wrong by CLOCK_WRONG_SECONDS. No
 * namespace has a wall clock of its own (time_namespaces(7): CLOCK_REALTIME is not virtualised), so it is wrong here.
 */
const wrongMs = Number(process.env["CLOCK_WRONG_SECONDS"] ?? "0") * 1_000;
const { now } = Date;
Date.now = () => now() + wrongMs;
