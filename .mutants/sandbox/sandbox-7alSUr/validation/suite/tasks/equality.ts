import { defineTask } from "./define.ts";

/** Whatever else there is: right is what is the same JSON as the label. */
export const definition = defineTask({
  name: "equality",
  fits: () => true,
  open: () => ({
    name: "equality",
    judgesRight: true,
    mark: (value, label) => ({ right: JSON.stringify(value) === JSON.stringify(label) }),
    measures: () => ({}),
  }),
});
