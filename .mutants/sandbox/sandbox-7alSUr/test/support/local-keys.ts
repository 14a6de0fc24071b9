export { TEST_KEYS } from "../../packages/local-cloud/test/support/local-keys.ts";
