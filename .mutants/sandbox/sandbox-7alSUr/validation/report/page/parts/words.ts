import { markup, type Html } from "../html.ts";

/** How commands are typed for the stack: with `--stack`, where it has to be named. */
export type Typed = (text: string) => string;

const COMMAND = /(npx bluegreen(?: (?:--)?[a-z<][\w<>:/-]*)+)/;

/** A sentence with its commands as code. */
export const words = (text: string, typed: Typed): Html =>
  markup`${typed(text)
    .split(COMMAND)
    .map((part, at) => (at % 2 === 1 ? markup`<code>${part}</code>` : part))}`;
