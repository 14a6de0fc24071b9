import { PRODUCT_CALLS, type IamAction, type Role } from "./aws-calls.ts";
import type { Conditions, PolicyPlace } from "./place.ts";
import { RESOURCE_TYPES } from "./resource-types.ts";
import type { Permission } from "./type-permissions.ts";
import { SCOPES, type Scope, type ScopeName } from "./scopes.ts";

export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly IamAction[];
  readonly Resource: readonly string[];
  readonly Condition?: Conditions;
}

export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Statement[];
}

/** What a role may do, each permission once, sorted. */
export function permissionsOf(role: Role): readonly Permission[] {
  const called = PRODUCT_CALLS.filter(({ roles }) => roles.includes(role)).map(
    ({ action, scope }): Permission => [action, scope],
  );
  const provided = Object.values(RESOURCE_TYPES).flatMap(({ read, write }) => {
    if (role === "preview") return read;
    return role === "deploy" ? [...read, ...write] : [];
  });
  const each = new Map([...called, ...provided].map((right) => [right.join(" "), right]));
  return [...each.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, right]) => right);
}

/** One statement for each scope and grant, with the actions that are limited in the same way. */
export function statementsOf(permissions: readonly Permission[], place: PolicyPlace): readonly Statement[] {
  const scopes = [...new Set(permissions.map(([, scope]) => scope))].toSorted();
  return scopes.flatMap((scope) => statementsOfScope(scope, permissions, place));
}

function statementsOfScope(
  name: ScopeName,
  permissions: readonly Permission[],
  place: PolicyPlace,
): readonly Statement[] {
  const actions = permissions.filter(([, scope]) => scope === name).map(([action]) => action);
  const scope: Scope = SCOPES[name];
  return scope.grants(place).map(({ resources, conditions }, index) => ({
    // IAM: a Sid is letters and digits, and unique within the policy.
    Sid: `${name[0]?.toUpperCase()}${name.slice(1)}${index === 0 ? "" : index + 1}`,
    Effect: "Allow",
    Action: actions,
    Resource: [...resources],
    ...(conditions === undefined ? {} : { Condition: conditions }),
  }));
}

// IAM: a customer managed policy has at most 6,144 characters, white space not counted, and a role at most ten.
const MOST_CHARACTERS = 6_144;

/**
 * The policies of a role in one place, as documents for customer managed policies: as few as IAM's limit on their
 * length allows.
 */
export function policiesOf(role: Role, place: PolicyPlace): readonly PolicyDocument[] {
  const documents: Statement[][] = [];
  for (const statement of statementsOf(permissionsOf(role), place)) {
    const last = documents.at(-1);
    if (last !== undefined && lengthOf([...last, statement]) <= MOST_CHARACTERS) last.push(statement);
    else documents.push([statement]);
  }
  return documents.map(documentOf);
}

const documentOf = (statements: readonly Statement[]): PolicyDocument => ({
  Version: "2012-10-17",
  Statement: statements,
});

/** The values have no white space that IAM would not count, so the text's length is an upper bound. */
function lengthOf(statements: readonly Statement[]): number {
  return JSON.stringify(documentOf(statements)).length;
}
