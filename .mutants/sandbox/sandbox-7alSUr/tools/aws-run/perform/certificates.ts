import { isRecord } from "../../../contract/config/field.ts";
import type { Observations } from "../observations.ts";
import { runName } from "../things.ts";
import { secondsUntil, tagsOf, type Context } from "./context.ts";

/** Two certificates for one name, never validated: which records they ask for. */
export async function certificates(context: Context): Promise<Observations["certificates"]> {
  const { clients, clock, run } = context;
  const { raw } = clients;
  const DomainName = `${runName(run)}.example.com`;
  const records: (readonly string[])[] = [];
  for (const token of ["one", "two"]) {
    const made = await raw.json("acm", "RequestCertificate", {
      DomainName,
      ValidationMethod: "DNS",
      // ACM keeps a token for an hour: another run's must be another.
      IdempotencyToken: `${run}${token}`,
      Tags: tagsOf(run),
    });
    const CertificateArn = made["CertificateArn"];
    let found: readonly string[] = [];
    // ACM guide: the record is there some seconds after the request.
    await secondsUntil(
      clock,
      async () => {
        found = recordsOf(await raw.json("acm", "DescribeCertificate", { CertificateArn }));
        return found.length > 0;
      },
      45,
      5,
    );
    records.push(found);
  }
  return { records };
}

function recordsOf(answer: Readonly<Record<string, unknown>>): readonly string[] {
  const { Certificate } = answer;
  const options: unknown = isRecord(Certificate) ? Certificate["DomainValidationOptions"] : [];
  return (Array.isArray(options) ? options : []).flatMap((option) => {
    const record: unknown = isRecord(option) ? option["ResourceRecord"] : undefined;
    return isRecord(record)
      ? [`${String(record["Name"])} ${String(record["Type"])} ${String(record["Value"])}`]
      : [];
  });
}
