/** What each room of this folder is for, in the order of the help and of docs/cli.md. */
export const ROOMS = {
  begin: "To begin",
  release: "To release",
  steer: "To steer a release",
  inspect: "To look, before and after",
  keep: "To keep a stack in order",
} as const;

export type Room = keyof typeof ROOMS;
