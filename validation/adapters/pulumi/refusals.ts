import { UserError } from "../../errors.ts";
import { messageOf } from "../../reading.ts";

/**
 * What Pulumi's CLI says without the passphrase, with a wrong one, and when KMS refuses (seen with 3.260). That KMS has
 * too many calls, is ill or out of reach passes, and is no refusal (KMS API, common errors).
 */
const CLOSED =
  /(?:passphrase must be set|incorrect passphrase|operation error KMS[^\n]*StatusCode: 400(?![^\n]*(?:Throttling|KMSInternal|DependencyTimeout|KeyUnavailable|LimitExceeded)))[^\n]*/;

/** What a command that fails has written to standard error, inside the message of the Automation API's error. */
const SAID = /\n stderr: ([\s\S]*?)\n err\?:/;

/**
 * Whatever is asked of a stack that may not be there, may be closed, or may be out of reach: nobody is logged in, the
 * state's bucket or server does not answer. The Automation API names its errors (automation/errors.js).
 */
export async function knowingRefusals<T>(stack: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof Error) || error instanceof UserError) throw error;
    if (error.name === "StackNotFoundError") throw new UserError("BG101", `There is no stack ${stack}.`);
    const message = messageOf(error);
    const [closed] = CLOSED.exec(message) ?? [];
    if (closed !== undefined) throw new UserError("BG290", `It says: ${closed.trim()}`);
    if (error.name !== "CommandError") throw error;
    const [, said = message] = SAID.exec(message) ?? [];
    throw new UserError("BG316", `It says: ${said.trim()}`);
  }
}
