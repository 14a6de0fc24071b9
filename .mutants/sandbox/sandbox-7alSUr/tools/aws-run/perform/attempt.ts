import { Stopped } from "../guard.ts";
import type { Try } from "../observations.ts";
import { wordsOf } from "../teardown.ts";

/** Whether AWS takes it, and what it says. @throws what is no refusal of this very call: rights, throttling, the network. */
export async function attempt(what: () => Promise<string>): Promise<Try> {
  try {
    return { accepted: true, said: await what() };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { accepted: false, said: wordsOf(error) };
  }
}

const OF_THE_CALLER =
  /AccessDenied|NotAuthorized|UnauthorizedOperation|Throttl|Expired|Token|Signature|Credentials/;

/** AWS has understood the call and says no to what it asks for, or it answered otherwise than was asked. */
function isRefusal(error: unknown): boolean {
  if (error instanceof Unlike) return true;
  if (!(error instanceof Error) || error instanceof Stopped) return false;
  const fault: unknown = Reflect.get(error, "$fault");
  return fault === "client" && !OF_THE_CALLER.test(error.name);
}

/** AWS took the call and made something else of it. */
export class Unlike extends Error {
  override readonly name = "Error";
}
