import type { IamAction } from "./aws-calls.ts";
import type { ScopeName } from "./scopes.ts";

/** An action with the scope that limits it. */
export type Permission = readonly [IamAction, ScopeName];

/** What the Pulumi provider calls for the resources of one type, as far as the program uses the type. */
export interface TypePermissions {
  /** Also what a data source of this type reads. */
  readonly read: readonly Permission[];
  /** Making, changing and deleting. */
  readonly write: readonly Permission[];
}
