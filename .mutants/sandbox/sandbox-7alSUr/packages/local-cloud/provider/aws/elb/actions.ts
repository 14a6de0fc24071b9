import { api, record } from "../../record-shape.ts";
import { asProperties, flag, list, number, text, type Shape } from "../../shape.ts";

/** An action of a listener or a rule. Weight 1 and stickiness off are the AWS provider's defaults. */
const action = record({
  type: api("Type", text()),
  order: api("Order", number()),
  targetGroupArn: api("TargetGroupArn", text()),
  forward: api(
    "ForwardConfig",
    record({
      targetGroups: api(
        "TargetGroups",
        list(record({ arn: api("TargetGroupArn", text()), weight: api("Weight", number(), 1) })),
      ),
      stickiness: api(
        "TargetGroupStickinessConfig",
        record({ enabled: api("Enabled", flag(), false), duration: api("DurationSeconds", number()) }),
      ),
    }),
  ),
  fixedResponse: api(
    "FixedResponseConfig",
    record({
      contentType: api("ContentType", text()),
      messageBody: api("MessageBody", text()),
      statusCode: api("StatusCode", text()),
    }),
  ),
  redirect: api(
    "RedirectConfig",
    record({
      host: api("Host", text(), "#{host}"),
      path: api("Path", text(), "/#{path}"),
      port: api("Port", text(), "#{port}"),
      protocol: api("Protocol", text(), "#{protocol}"),
      query: api("Query", text(), "#{query}"),
      statusCode: api("StatusCode", text()),
    }),
  ),
});

export const actions: Shape = list(action);

const values = record({ values: api("Values", list(text())) });
const condition = record({
  hostHeader: api("HostHeaderConfig", values),
  httpHeader: api(
    "HttpHeaderConfig",
    record({ httpHeaderName: api("HttpHeaderName", text()), values: api("Values", list(text())) }),
  ),
  httpRequestMethod: api("HttpRequestMethodConfig", values),
  pathPattern: api("PathPatternConfig", values),
  queryStrings: api(
    "QueryStringConfig.Values",
    list(record({ key: api("Key", text()), value: api("Value", text()) })),
  ),
  sourceIp: api("SourceIpConfig", values),
});

/** ELB API, RuleCondition.Field: the API names the kind of a condition beside its block. */
const FIELD_NAMES: Readonly<Record<string, string>> = {
  hostHeader: "host-header",
  httpHeader: "http-header",
  httpRequestMethod: "http-request-method",
  pathPattern: "path-pattern",
  queryStrings: "query-string",
  sourceIp: "source-ip",
};

export const conditions: Shape = list({
  ...condition,
  toApi(value) {
    const kind = Object.keys(asProperties(value)).find((name) => Object.hasOwn(FIELD_NAMES, name));
    return { ...(kind && { Field: FIELD_NAMES[kind] }), ...condition.toApi(value) };
  },
});
