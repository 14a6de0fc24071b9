import { describe, expect, it } from "vitest";
import { publishLags } from "../../cli/local/publish-lag.ts";

describe("--publish-lag", () => {
  it("is of all metrics, and of single ones by name", () => {
    expect(publishLags("60")).toEqual({ publishLagSeconds: 60, publishLagOfSeconds: {} });
    expect(publishLags("60,RequestCount=180,HTTPCode_Target_2XX_Count=0")).toEqual({
      publishLagSeconds: 60,
      publishLagOfSeconds: { RequestCount: 180, HTTPCode_Target_2XX_Count: 0 },
    });
  });

  it.each(["", "x", "-1", "3601", "1.5", "60,", "60,RequestCount", "60,=5", "RequestCount=60"])(
    "refuses %j",
    (text) => expect(() => publishLags(text)).toThrow("whole seconds from 0 to 3600"),
  );
});
