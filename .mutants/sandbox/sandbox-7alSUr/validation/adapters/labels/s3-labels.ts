import type { S3Client } from "@aws-sdk/client-s3";
import type { LabelStore } from "../../ports.ts";

/** Objects that are read at once. */
const AT_ONCE = 16;
/** S3 refuses one of two writes of a name that come together with 409, and either may then have succeeded. */
const ATTEMPTS = 5;

/** Objects of a bucket. */
export function s3Labels(client: () => Promise<S3Client>, Bucket: string): LabelStore {
  return {
    async list(prefix) {
      const [{ ListObjectsV2Command }, sender] = await Promise.all([import("@aws-sdk/client-s3"), client()]);
      const names: string[] = [];
      let ContinuationToken: string | undefined;
      do {
        const page = await sender.send(
          new ListObjectsV2Command({ Bucket, Prefix: prefix, ContinuationToken }),
        );
        names.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []));
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
      return names;
    },
    async read(names) {
      const texts: string[] = [];
      for (let from = 0; from < names.length; from += AT_ONCE) {
        const some = names.slice(from, from + AT_ONCE);
        texts.push(...(await Promise.all(some.map((name) => textOf(client, Bucket, name)))));
      }
      return texts;
    },
    create: (name, text) => create(client, { Bucket, Key: name, Body: text }, 1),
  };
}

async function textOf(client: () => Promise<S3Client>, Bucket: string, Key: string): Promise<string> {
  const [{ GetObjectCommand }, sender] = await Promise.all([import("@aws-sdk/client-s3"), client()]);
  const { Body } = await sender.send(new GetObjectCommand({ Bucket, Key }));
  if (Body === undefined) throw new Error(`S3 gave ${Key} without its text`);
  return Body.transformToString("utf8");
}

interface NewObject {
  readonly Bucket: string;
  readonly Key: string;
  readonly Body: string;
}

async function create(client: () => Promise<S3Client>, object: NewObject, attempt: number): Promise<boolean> {
  const [{ PutObjectCommand }, sender] = await Promise.all([import("@aws-sdk/client-s3"), client()]);
  const ContentType = "application/json";
  try {
    // Amazon S3, "How to prevent object overwrites with conditional writes": 412 where there is one of this name.
    await sender.send(new PutObjectCommand({ ...object, ContentType, IfNoneMatch: "*" }));
    return true;
  } catch (error) {
    const name = error instanceof Error ? error.name : "";
    if (name === "PreconditionFailed") return false;
    if (name === "ConditionalRequestConflict" && attempt < ATTEMPTS)
      return create(client, object, attempt + 1);
    throw error;
  }
}
