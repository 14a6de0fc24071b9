import { namesOf, type Names } from "../../contract/names/names.ts";

/** The Pulumi project of the tests. Not the repository's own, so that a name that is wired in somewhere is found. */
export const PROJECT = "fraud-model";

/** What a stack of it drew when it was new. */
export const ID = "k3f9ab";

export const namesFor = (stack: string): Names => namesOf({ project: PROJECT, stack, id: ID });
