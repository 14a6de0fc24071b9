import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { protectedIf, type Place } from "../component/place.ts";
import type { HttpListener } from "../../contract/transition/entrance-memory.ts";

/** What the listeners of the stack's own load balancer are made of. */
interface Ground {
  readonly place: Place;
  readonly loadBalancerArn: pulumi.Input<string>;
  /** undefined: plain HTTP. */
  readonly certificateArn: pulumi.Input<string> | undefined;
  /** What the one at port 80 is called in the program. */
  readonly httpListener: HttpListener;
  readonly protect: boolean;
  readonly tags: Record<string, string>;
}

// ELB's own default without this is ELBSecurityPolicy-2016-08, which still takes TLS 1.0.
const TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09";

const NO_ROUTE: aws.types.input.lb.ListenerDefaultAction = {
  type: "fixed-response",
  fixedResponse: { statusCode: "503", contentType: "text/plain", messageBody: "No route." },
};
const TO_HTTPS: aws.types.input.lb.ListenerDefaultAction = {
  type: "redirect",
  redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" },
};

/**
 * One listener for each port, which stays there: a load balancer takes one listener a port (ELB API, CreateListener,
 * DuplicateListener), and Pulumi deletes what is no longer wanted after it has made and changed the rest, so a listener
 * that moved to the port of one that goes away would find it taken. With a certificate the route stands on that of port
 * 443, without one on that of port 80; as ELB moves no rule to another listener, it is made anew there before the old
 * one goes. The first of the answer is that of the route.
 */
export function createListeners({
  place,
  loadBalancerArn,
  certificateArn,
  httpListener,
  protect,
  tags,
}: Ground): readonly [aws.lb.Listener, ...aws.lb.Listener[]] {
  const http = (defaultActions: aws.types.input.lb.ListenerDefaultAction[], behind: aws.lb.Listener[]) =>
    new aws.lb.Listener(
      place.name(httpListener),
      place.transform("listener", httpListener, {
        loadBalancerArn,
        port: 80,
        protocol: "HTTP",
        defaultActions,
        tags,
      }),
      // Nobody is sent to port 443 before somebody answers there.
      { ...place.options(httpListener), ...protectedIf(protect), dependsOn: behind },
    );
  if (certificateArn === undefined) return [http([NO_ROUTE], [])];
  const httpsName = httpListener === "redirect" ? "listener" : "https";
  const https = new aws.lb.Listener(
    place.name(httpsName),
    place.transform("listener", httpsName, {
      loadBalancerArn,
      port: 443,
      protocol: "HTTPS",
      certificateArn,
      sslPolicy: TLS_POLICY,
      defaultActions: [NO_ROUTE],
      tags,
    }),
    { ...place.options(httpsName), ...protectedIf(protect) },
  );
  return [https, http([TO_HTTPS], [https])];
}
