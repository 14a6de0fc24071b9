import { arnOf } from "../arn.ts";
import type { ArnOf } from "./requires.ts";

export const alarmArn: ArnOf = ({ region }, name) => arnOf("cloudwatch", region, `alarm:${name}`);
