import { isRecord } from "../../contract/config/field.ts";
import { bearer } from "../../packages/local-cloud/access/address.ts";
import type { StackTarget } from "../stack-target.ts";

/**
 * The image as it is deployed. A tag of the local cloud stands for files that change while tasks run, so it is pinned by
 * what they are now: the same tag with other files is another model, with tasks and tests of its own. On AWS an image is
 * pinned by whoever pushes it.
 */
export async function pinnedImage(target: StackTarget, reference: string): Promise<string> {
  if (target.kind === "aws") return reference;
  const url = new URL(`/images?reference=${encodeURIComponent(reference)}`, target.cloud.url);
  const response = await fetch(url, { headers: bearer(target.cloud) });
  const answer: unknown = await response.json();
  if (response.ok && isRecord(answer) && typeof answer["pinned"] === "string") return answer["pinned"];
  throw new Error(`${url.href} answered with status ${response.status}: ${JSON.stringify(answer)}`);
}
