import { setTimeout as pause } from "node:timers/promises";

/** The digits, by a model that takes two real seconds to load, whatever the speed of the cloud's clock. */
await pause(2_000);
await import("../../examples/digits/service.ts");
