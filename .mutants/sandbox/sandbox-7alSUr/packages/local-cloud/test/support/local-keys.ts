import type { LocalKeys } from "../../access/address.ts";

/** The keys of a local cloud within a test; the access key id and the secret are those of AWS's own examples. */
export const TEST_KEYS: LocalKeys = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  token: "a-token-of-a-test",
};
