import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { startLocalCloud } from "local-cloud";

const stateDirectory = await mkdtemp(join(tmpdir(), "local-cloud-"));
// Its clients need them: whoever has the keys can run code as you.
const keys = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "a-secret", token: "a-token" };
const cloud = await startLocalCloud({
  stateDirectory,
  keys,
  // Which command stands for which container image; read when a task starts.
  imagesPath: join(stateDirectory, "images.json"),
  port: 0,
  speed: 60,
  publishLagSeconds: 0,
  region: "us-east-1",
});

const model = createServer((_, response) => response.end("42\n")).listen(0, "127.0.0.1");
await once(model, "listening");
const address = model.address();
if (address === null || typeof address === "string") throw new Error("the model has no port");

const elb = new ElasticLoadBalancingV2Client({ endpoint: cloud.url, region: "us-east-1", credentials: keys });
const { LoadBalancers = [] } = await elb.send(
  new CreateLoadBalancerCommand({ Name: "models", Subnets: ["subnet-1", "subnet-2"] }),
);
const { TargetGroups = [] } = await elb.send(
  new CreateTargetGroupCommand({
    Name: "models",
    Protocol: "HTTP",
    Port: 80,
    VpcId: "vpc-1",
    TargetType: "ip",
  }),
);
const [{ TargetGroupArn } = {}] = TargetGroups;
const [{ LoadBalancerArn, DNSName } = {}] = LoadBalancers;
await elb.send(
  new CreateListenerCommand({
    LoadBalancerArn,
    Protocol: "HTTP",
    Port: 80,
    DefaultActions: [{ Type: "forward", TargetGroupArn }],
  }),
);
await elb.send(
  new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: "127.0.0.1", Port: address.port }] }),
);

// 503 until the target is healthy, which takes two health checks of the cloud's own time.
let response = await fetch(`http://${DNSName}/`);
while (response.status === 503) response = await fetch(`http://${DNSName}/`);
console.log(response.status, (await response.text()).trim());

elb.destroy();
model.close();
await cloud.close();
await rm(stateDirectory, { recursive: true });
