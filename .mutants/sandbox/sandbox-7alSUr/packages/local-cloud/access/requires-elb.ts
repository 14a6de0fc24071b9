import { arnOf } from "../arn.ts";
import { creating, named, type ArnOf, type Requires } from "./requires.ts";

const ELB_TAG = "elasticloadbalancing:AddTags";

/** The right to make what the input gives a name. */
export function creatingNamed(kind: string): Requires {
  const arn: ArnOf = ({ region }, name) => arnOf("elasticloadbalancing", region, `${kind}/${name}/new`);
  return creating(ELB_TAG, named("Name", arn));
}

/** The right to make something in what a member names. ELB writes the parent's ARN into that of what it makes. */
export function creatingUnder(member: string, parent: string, kind: string): Requires {
  const made: ArnOf = (_, arn) => `${arn.replace(`:${parent}/`, `:${kind}/`)}/new`;
  return creating(ELB_TAG, named(member), named(member, made));
}
