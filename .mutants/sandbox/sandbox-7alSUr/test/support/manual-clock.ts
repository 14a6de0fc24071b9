export { ManualClock } from "../../packages/local-cloud/test/support/manual-clock.ts";
