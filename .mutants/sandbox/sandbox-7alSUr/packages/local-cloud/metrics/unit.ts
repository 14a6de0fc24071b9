import { oneOf } from "./input.ts";

// SDK documentation of StandardUnit.
const UNITS = [
  ..."Seconds Microseconds Milliseconds Bytes Kilobytes Megabytes Gigabytes Terabytes".split(" "),
  ..."Bits Kilobits Megabits Gigabits Terabits Percent Count Count/Second None".split(" "),
  ..."Bytes/Second Kilobytes/Second Megabytes/Second Gigabytes/Second Terabytes/Second".split(" "),
  ..."Bits/Second Kilobits/Second Megabits/Second Gigabits/Second Terabits/Second".split(" "),
];
export const unit = oneOf(UNITS);
