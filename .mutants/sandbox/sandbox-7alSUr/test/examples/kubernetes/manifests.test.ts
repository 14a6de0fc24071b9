import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import * as v from "valibot";
import { parseAllDocuments } from "yaml";
import { describe, expect, it } from "vitest";
import { SLOTS, type Slot } from "../../../contract/slot.ts";
import { firstOf } from "../../../validation/adapters/on-path.ts";

const directories = (process.env["PATH"] ?? "").split(delimiter);
const KUBECTL = await firstOf(directories, "kubectl");
const VALIDATE = process.env["KUBERNETES_VALIDATE"] ?? (await firstOf(directories, "kubernetes-validate"));
const WITHOUT_KUBECTL = KUBECTL === undefined ? " (skipped: no kubectl on PATH)" : "";
const WITHOUT_VALIDATE =
  VALIDATE === undefined
    ? " (skipped: no kubernetes-validate on PATH or in KUBERNETES_VALIDATE; pip install kubernetes-validate==1.37.0)"
    : "";

/**
 * The fields that are used, as the CRD has them (kubernetes-sigs/aws-load-balancer-controller,
 * config/crd/bases/elbv2.k8s.aws_targetgroupbindings.yaml, v1beta1); any other is refused here.
 */
const targetGroupBinding = v.strictObject({
  apiVersion: v.literal("elbv2.k8s.aws/v1beta1"),
  kind: v.literal("TargetGroupBinding"),
  metadata: v.object({ name: v.string(), namespace: v.string() }),
  spec: v.strictObject({
    targetType: v.literal("ip"),
    targetGroupARN: v.pipe(
      v.string(),
      v.regex(/^arn:aws:elasticloadbalancing:[^:]+:\d{12}:targetgroup\/[^/]+\/[0-9a-f]{16}$/),
    ),
    serviceRef: v.strictObject({ name: v.string(), port: v.union([v.string(), v.number()]) }),
    networking: v.strictObject({
      ingress: v.array(
        v.strictObject({
          from: v.pipe(
            v.array(
              v.strictObject({
                securityGroup: v.strictObject({ groupID: v.pipe(v.string(), v.regex(/^sg-/)) }),
              }),
            ),
            v.minLength(1),
          ),
          ports: v.array(
            v.strictObject({
              protocol: v.picklist(["TCP", "UDP"]),
              port: v.optional(v.union([v.string(), v.number()])),
            }),
          ),
        }),
      ),
    }),
  }),
});

const service = v.object({
  kind: v.literal("Service"),
  metadata: v.object({ name: v.string(), namespace: v.string() }),
  spec: v.object({
    selector: v.record(v.string(), v.string()),
    ports: v.array(v.object({ name: v.string(), targetPort: v.string() })),
  }),
});
const deployment = v.object({
  kind: v.literal("Deployment"),
  metadata: v.object({ name: v.string(), namespace: v.string() }),
  spec: v.object({
    selector: v.object({ matchLabels: v.record(v.string(), v.string()) }),
    template: v.object({
      metadata: v.object({ labels: v.record(v.string(), v.string()) }),
      spec: v.object({
        containers: v.array(v.object({ name: v.string(), ports: v.array(v.object({ name: v.string() })) })),
      }),
    }),
  }),
});

const rendered = (slot: Slot) =>
  execFileSync(KUBECTL ?? "kubectl", ["kustomize", `examples/kubernetes/overlays/${slot}`], {
    encoding: "utf8",
  });

function partsOf(slot: Slot) {
  const all: readonly unknown[] = parseAllDocuments(rendered(slot)).map((document) => document.toJS());
  const of = <T extends v.GenericSchema>(schema: T, kind: string) =>
    all.filter((one) => v.is(v.object({ kind: v.literal(kind) }), one)).map((one) => v.parse(schema, one));
  const bindings = of(targetGroupBinding, "TargetGroupBinding");
  return {
    bindings,
    services: of(service, "Service"),
    deployments: of(deployment, "Deployment"),
    count: all.length,
  };
}

describe.skipIf(WITHOUT_KUBECTL !== "")(`the overlays of examples/kubernetes${WITHOUT_KUBECTL}`, () => {
  it.each(SLOTS)("%s: both target groups are bound to a Service that has the slot's pods", (slot) => {
    const { bindings, services, deployments, count } = partsOf(slot);
    expect({
      bindings: bindings.length,
      services: services.length,
      deployments: deployments.length,
      count,
    }).toEqual({
      bindings: 2,
      services: 1,
      deployments: 1,
      count: 4,
    });
    const [own] = services;
    const [pods] = deployments;
    if (own === undefined || pods === undefined) throw new Error("there is one of each");
    expect(new Set(bindings.map(({ spec }) => spec.targetGroupARN)).size).toBe(2);
    for (const { spec, metadata } of bindings) {
      expect(spec.serviceRef.name).toBe(own.metadata.name);
      expect(own.spec.ports.map(({ name }) => name)).toContain(spec.serviceRef.port);
      expect(metadata.namespace).toBe(own.metadata.namespace);
    }
    const { labels } = pods.spec.template.metadata;
    expect(labels).toMatchObject(own.spec.selector);
    expect(labels).toMatchObject(pods.spec.selector.matchLabels);
    const names = pods.spec.template.spec.containers.flatMap(({ ports }) => ports.map(({ name }) => name));
    for (const { targetPort } of own.spec.ports) expect(names).toContain(targetPort);
  });

  it("share no name, no target group and no pod", () => {
    const [blue, green] = SLOTS.map(partsOf);
    if (blue === undefined || green === undefined) throw new Error("there are two slots");
    const names = ({ bindings, services, deployments }: ReturnType<typeof partsOf>) => [
      ...bindings.flatMap(({ metadata, spec }) => [metadata.name, spec.targetGroupARN]),
      ...services.map(({ metadata }) => `service ${metadata.name}`),
      ...deployments.map(({ metadata }) => `deployment ${metadata.name}`),
    ];
    expect(names(blue).filter((name) => names(green).includes(name))).toEqual([]);
    expect(blue.deployments[0]?.spec.template.metadata.labels).not.toMatchObject(
      green.services[0]?.spec.selector ?? {},
    );
  });

  it.skipIf(WITHOUT_VALIDATE !== "")(`are what Kubernetes takes${WITHOUT_VALIDATE}`, () => {
    const directory = mkdtempSync(join(tmpdir(), "manifests-"));
    try {
      const files = SLOTS.map((slot) => join(directory, `${slot}.yaml`));
      for (const [index, slot] of SLOTS.entries()) writeFileSync(files[index] ?? "", rendered(slot));
      const words = ["--strict", ...files, "examples/kubernetes/namespace.yaml"];
      const { status, stdout, stderr } = spawnSync(VALIDATE ?? "", words, { encoding: "utf8" });
      const said = `exit code ${status}\n${stdout}${stderr}`;
      expect(said).toContain("exit code 0");
      for (const slot of SLOTS) expect(said).toContain(`passed for resource deployment/model-${slot}`);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
