import type { Clients } from "./aws/clients.ts";
import { ecsShelves } from "./shelves/ecs.ts";
import { elbShelves } from "./shelves/elb.ts";
import { otherShelves } from "./shelves/others.ts";
import { watchingShelves } from "./shelves/watching.ts";
import type { Shelves } from "./things.ts";

/** Where everything stands that a run may leave in an account and region. */
export const shelvesOf = (clients: Clients): Shelves => ({
  ...watchingShelves(clients),
  ...ecsShelves(clients),
  ...elbShelves(clients),
  ...otherShelves(clients),
});
