import { readFile } from "node:fs/promises";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LocalCloud } from "../../cloud.ts";
import { TEST_KEYS } from "../support/local-keys.ts";
import { cloudDirectory, type CloudDirectory } from "../support/cloud-directory.ts";
import { clientOptions } from "../support/model-service.ts";
import { attacks } from "./support/attacks.ts";
import { BROWSER, dumpDom, openSite } from "./support/browser.ts";

const LONG = 120_000;

/** Every way in which a page can send the attack; what it could read of an answer is what it reports. */
const script = (all: unknown, port: number) => `
  const all = ${JSON.stringify(all)};
  const read = [];
  const send = (how, url, options) => fetch(url, options).then(
    async (answer) => { if (answer.type !== "opaque") read.push(how + " " + url + " " + answer.status + " " + await answer.text()); },
    () => {},
  );
  for (const host of ["127.0.0.1", "localhost", "evil.example"]) {
    const base = "http://" + host + ":${port}";
    for (const { method, path, headers, body } of all) {
      const own = method === "GET" ? {} : { body };
      await send("as it is", base + path, { method, headers, ...own });
      if (method === "GET") { await send("no-cors", base + path, { mode: "no-cors", credentials: "include" }); continue; }
      await send("text/plain", base + path, { method, mode: "no-cors", headers: { "content-type": "text/plain" }, body });
      await send("form", base + path, { method, mode: "no-cors", headers: { "content-type": "application/x-www-form-urlencoded" }, body });
    }
    navigator.sendBeacon(base + "/provider/create", all.find(({ path }) => path === "/provider/create").body);
    const frame = Object.assign(document.createElement("iframe"), { name: host });
    document.body.append(frame);
    const field = Object.assign(document.createElement("input"), { name: "Action", value: "CreateLoadBalancer" });
    const form = Object.assign(document.createElement("form"), { action: base + "/", method: "post", target: host });
    form.append(field);
    document.body.append(form);
    await new Promise((resolve) => { frame.onload = resolve; form.submit(); setTimeout(resolve, 500); });
    try { if (frame.contentDocument?.body?.textContent) read.push("frame " + frame.contentDocument.body.textContent); } catch {}
    await new Promise((resolve) => { const socket = new WebSocket("ws://" + host + ":${port}/"); socket.onopen = () => { read.push("socket"); resolve(); }; socket.onerror = resolve; });
    await new Promise((resolve) => { const image = new Image(); image.onload = () => { read.push("image"); resolve(); }; image.onerror = resolve; image.src = base + "/dashboard"; });
  }
  await report({ origin: location.origin, read, sent: all.length });
`;

describe.skipIf(BROWSER === undefined)(
  `in a real browser${BROWSER === undefined ? " (skipped: there is none here)" : ""}`,
  () => {
    let place: CloudDirectory;
    let cloud: LocalCloud;
    let site: Awaited<ReturnType<typeof openSite>>;
    let gateway: string;
    const isChanged = async () =>
      /stolen|cluster\/default/.test(await readFile(place.state("cloud.json"), "utf8"));

    beforeAll(async () => {
      place = await cloudDirectory();
      cloud = await place.start();
      site = await openSite(script(await attacks(), Number(new URL(cloud.url).port)));
      gateway = await behindGateway();
    }, LONG);
    afterAll(async () => {
      site.close();
      await place.dispose();
    });

    /** A load balancer before the site, as before a model that was taken over. */
    async function behindGateway(): Promise<string> {
      const elb = new ElasticLoadBalancingV2Client(clientOptions(cloud.url));
      const lb = await elb.send(new CreateLoadBalancerCommand({ Name: "models", Subnets: ["a", "b"] }));
      const group = { Name: "models", Protocol: "HTTP", Port: 80, VpcId: "vpc-1", TargetType: "ip" } as const;
      const made = await elb.send(new CreateTargetGroupCommand(group));
      const TargetGroupArn = made.TargetGroups?.[0]?.TargetGroupArn;
      await elb.send(
        new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: "127.0.0.1", Port: site.port }] }),
      );
      const listener = await elb.send(
        new CreateListenerCommand({
          LoadBalancerArn: lb.LoadBalancers?.[0]?.LoadBalancerArn,
          Protocol: "HTTP",
          Port: 80,
          DefaultActions: [{ Type: "forward", TargetGroupArn }],
        }),
      );
      expect(listener.Listeners).toHaveLength(1);
      const health = new DescribeTargetHealthCommand({ TargetGroupArn });
      const isHealthy = async () =>
        (await elb.send(health)).TargetHealthDescriptions?.[0]?.TargetHealth?.State === "healthy";
      while (!(await isHealthy()));
      elb.destroy();
      return `http://${lb.LoadBalancers?.[0]?.DNSName}/`;
    }

    it(
      "a page on another port reads nothing and changes nothing, whatever it sends",
      async () => {
        const url = `http://127.0.0.1:${site.port}`;
        const sent = (await attacks()).length;
        expect(await site.seen(`${url}/`)).toEqual({ origin: url, read: [], sent });
        expect(await isChanged()).toBe(false);
      },
      LONG,
    );

    it(
      "neither does a page of a model, which the gateway serves, nor one of a stranger's name for this machine",
      async () => {
        expect(await site.seen(gateway)).toMatchObject({ origin: new URL(gateway).origin, read: [] });
        expect(await site.seen(`http://evil.example:${site.port}/`)).toMatchObject({ read: [] });
        expect(await isChanged()).toBe(false);
      },
      LONG,
    );

    it(
      "the dashboard draws with the token in its address, and without it is not there",
      async () => {
        const page = `${cloud.url}/dashboard`;
        const drawn = await dumpDom(`${page}?token=${TEST_KEYS.token}`, 2_000);
        expect(drawn).toContain("Dashboard · local cloud");
        expect(drawn).not.toContain("needs the token");
        expect(await dumpDom(page, 1_000)).toContain("/dashboard needs the token of this local cloud");
      },
      LONG,
    );
  },
);
