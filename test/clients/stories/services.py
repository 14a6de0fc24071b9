"""A service behind a load balancer: stable, a task killed and replaced, a new version, scaling, what is refused."""

import os
import signal

from judge import client, define, get, refusal, tell, until

ecs, elb, scaling = client("ecs"), client("elbv2"), client("application-autoscaling")
NETWORK = {"awsvpcConfiguration": {"subnets": ["subnet-1"], "securityGroups": ["sg-1"]}}
SERVICE = {"cluster": "judge", "services": ["model"]}
RESOURCE = {
    "ServiceNamespace": "ecs",
    "ResourceId": "service/judge/model",
    "ScalableDimension": "ecs:service:DesiredCount",
}
QUICKLY = {"Delay": 1, "MaxAttempts": 25}

balancer = elb.create_load_balancer(Name="services", Subnets=["subnet-1", "subnet-2"])["LoadBalancers"][0]
group = elb.create_target_group(
    Name="services",
    Protocol="HTTP",
    Port=8080,
    VpcId="vpc-1",
    TargetType="ip",
    HealthCheckPath="/",
    HealthCheckIntervalSeconds=5,
    HealthCheckTimeoutSeconds=2,
    HealthyThresholdCount=2,
    UnhealthyThresholdCount=2,
)["TargetGroups"][0]["TargetGroupArn"]
elb.modify_target_group_attributes(
    TargetGroupArn=group, Attributes=[{"Key": "deregistration_delay.timeout_seconds", "Value": "5"}]
)
elb.create_listener(
    LoadBalancerArn=balancer["LoadBalancerArn"],
    Port=80,
    Protocol="HTTP",
    DefaultActions=[{"Type": "forward", "TargetGroupArn": group}],
)
url = f"http://{balancer['DNSName']}"

ecs.create_cluster(clusterName="judge", tags=[{"key": "team", "value": "ml"}])
ecs.put_cluster_capacity_providers(
    cluster="judge",
    capacityProviders=["FARGATE"],
    defaultCapacityProviderStrategy=[{"capacityProvider": "FARGATE", "weight": 1}],
)


def answering(answer):
    container = {
        "image": "model:1",
        "portMappings": [{"containerPort": 8080}],
        "environment": [{"name": "ANSWER", "value": answer}],
    }
    return define(ecs, "model", container)


def tasks():
    arns = ecs.list_tasks(cluster="judge", serviceName="model")["taskArns"]
    return ecs.describe_tasks(cluster="judge", tasks=arns)["tasks"] if arns else []


def states():
    found = elb.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
    return sorted(each["TargetHealth"]["State"] for each in found)


first = answering("one")
ecs.create_service(
    cluster="judge",
    serviceName="model",
    taskDefinition=first,
    desiredCount=2,
    launchType="FARGATE",
    networkConfiguration=NETWORK,
    loadBalancers=[{"targetGroupArn": group, "containerName": "model", "containerPort": 8080}],
    deploymentConfiguration={
        "minimumHealthyPercent": 100,
        "maximumPercent": 200,
        "deploymentCircuitBreaker": {"enable": True, "rollback": True},
    },
)
ecs.get_waiter("services_stable").wait(**SERVICE, WaiterConfig=QUICKLY)
elb.get_waiter("target_in_service").wait(TargetGroupArn=group, WaiterConfig=QUICKLY)
stable = {"health": states(), "answer": get(url)}
before = tasks()
ecs.get_waiter("tasks_running").wait(
    cluster="judge", tasks=[task["taskArn"] for task in before], WaiterConfig=QUICKLY
)

victim = before[0]
os.kill(int(victim["containers"][0]["runtimeId"]), signal.SIGKILL)
until("the task is seen to have died", lambda: victim["taskArn"] not in [task["taskArn"] for task in tasks()])
dead = ecs.describe_tasks(cluster="judge", tasks=[victim["taskArn"]])["tasks"][0]
until("two healthy targets again", lambda: states() == ["healthy", "healthy"])
recovered = [task["taskArn"] for task in tasks()]

stopped_arn = ecs.stop_task(cluster="judge", task=recovered[0], reason="drill")["task"]["taskArn"]
ecs.get_waiter("tasks_stopped").wait(cluster="judge", tasks=[stopped_arn], WaiterConfig=QUICKLY)
stopped = ecs.describe_tasks(cluster="judge", tasks=[stopped_arn])["tasks"][0]

second = answering("two")
ecs.update_service(cluster="judge", service="model", taskDefinition=second)
ecs.get_waiter("services_stable").wait(**SERVICE, WaiterConfig=QUICKLY)
until("the new version answers", lambda: get(url) == (200, "two"))
service = ecs.describe_services(**SERVICE)["services"][0]
definition = ecs.describe_task_definition(taskDefinition="model", include=["TAGS"])["taskDefinition"]

scaling.register_scalable_target(**RESOURCE, MinCapacity=3, MaxCapacity=4)
scaling.put_scaling_policy(
    PolicyName="cpu",
    PolicyType="TargetTrackingScaling",
    TargetTrackingScalingPolicyConfiguration={
        "TargetValue": 60.0,
        "PredefinedMetricSpecification": {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"},
    },
    **RESOURCE,
)
until("as many as the least number", lambda: len(tasks()) == 3)
targets = scaling.get_paginator("describe_scalable_targets").paginate(ServiceNamespace="ecs")
policies = scaling.get_paginator("describe_scaling_policies").paginate(ServiceNamespace="ecs")
scaled = {
    "bounds": [[each["MinCapacity"], each["MaxCapacity"]] for page in targets for each in page["ScalableTargets"]],
    "policies": [
        each["TargetTrackingScalingPolicyConfiguration"]["TargetValue"]
        for page in policies
        for each in page["ScalingPolicies"]
    ],
}
task_pages = [
    len(page["taskArns"])
    for page in ecs.get_paginator("list_tasks").paginate(cluster="judge", PaginationConfig={"PageSize": 2})
]
service_pages = [
    page["serviceArns"] for page in ecs.get_paginator("list_services").paginate(cluster="judge")
]

arn = service["serviceArn"]
ecs.tag_resource(resourceArn=arn, tags=[{"key": "owner", "value": "ml"}, {"key": "gone", "value": "1"}])
ecs.untag_resource(resourceArn=arn, tagKeys=["gone"])
tags = ecs.list_tags_for_resource(resourceArn=arn)["tags"]

refusals = {
    "a cluster that is not there": refusal(ecs.list_tasks, cluster="nothing"),
    "a service that is not there": refusal(ecs.update_service, cluster="judge", service="nothing", desiredCount=1),
    "a task that is not there": refusal(ecs.stop_task, cluster="judge", task="0" * 32),
    "a task definition that is not there": refusal(ecs.describe_task_definition, taskDefinition="nothing"),
    "a second service of that name": refusal(
        ecs.create_service,
        cluster="judge",
        serviceName="model",
        taskDefinition=first,
        desiredCount=1,
        networkConfiguration=NETWORK,
    ),
    "a service that still has tasks is deleted": refusal(ecs.delete_service, cluster="judge", service="model"),
    "a cluster that has services is deleted": refusal(ecs.delete_cluster, cluster="judge"),
    "a policy of nothing": refusal(
        scaling.delete_scaling_policy, **{**RESOURCE, "ResourceId": "service/judge/nothing"}, PolicyName="cpu"
    ),
    "bounds the wrong way round": refusal(
        scaling.register_scalable_target, **RESOURCE, MinCapacity=5, MaxCapacity=1
    ),
    "what is not simulated": refusal(
        ecs.run_task, cluster="judge", taskDefinition="model", launchType="FARGATE"
    ),
}
missing = ecs.describe_services(cluster="judge", services=["nothing"])["failures"]

scaling.delete_scaling_policy(PolicyName="cpu", **RESOURCE)
scaling.deregister_scalable_target(**RESOURCE)
ecs.delete_service(cluster="judge", service="model", force=True)
ecs.get_waiter("services_inactive").wait(**SERVICE, WaiterConfig=QUICKLY)
ecs.deregister_task_definition(taskDefinition=first)
ecs.delete_cluster(cluster="judge")
clusters = ecs.describe_clusters(clusters=["judge"])["clusters"]

tell(
    stable=stable,
    dead={
        "status": dead["lastStatus"],
        "exitCode": dead["containers"][0]["exitCode"],
        "stopCode": dead["stopCode"],
        "reason": dead["stoppedReason"],
    },
    replaced=victim["taskArn"] not in recovered,
    stopped=[stopped["stopCode"], stopped["stoppedReason"]],
    deployments=[[each["status"], each["rolloutState"]] for each in service["deployments"]],
    runs=service["deployments"][0]["taskDefinition"] == second,
    newest=definition["revision"],
    steady=any("has reached a steady state" in event["message"] for event in service["events"]),
    scaled=scaled,
    taskPages=task_pages,
    servicePages=len(service_pages[0]),
    tags=tags,
    refusals=refusals,
    missing=[each["reason"] for each in missing],
    clusters=[each["status"] for each in clusters],
)
