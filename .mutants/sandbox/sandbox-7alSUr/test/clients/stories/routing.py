"""Load balancer, groups and rules: made, read in pages, weighed, changed; what users get at each split."""

import sys

from judge import client, get, refusal, tell, until

elb = client("elbv2")
ports = [int(port) for port in sys.argv[2:]]

balancer = elb.create_load_balancer(
    Name="judge",
    Subnets=["subnet-1", "subnet-2"],
    SecurityGroups=["sg-1"],
    Scheme="internet-facing",
    Tags=[{"Key": "team", "Value": "ml"}],
)["LoadBalancers"][0]
arn = balancer["LoadBalancerArn"]
elb.get_waiter("load_balancer_available").wait(LoadBalancerArns=[arn], WaiterConfig={"Delay": 1})
elb.modify_load_balancer_attributes(
    LoadBalancerArn=arn, Attributes=[{"Key": "idle_timeout.timeout_seconds", "Value": "90"}]
)
attributes = {
    each["Key"]: each["Value"]
    for each in elb.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]
}
groups = {}
for slot in ["blue", "green"]:
    made = elb.create_target_group(
        Name=f"judge-{slot}",
        Protocol="HTTP",
        Port=8080,
        VpcId="vpc-1",
        TargetType="ip",
        HealthCheckPath="/",
        HealthCheckIntervalSeconds=10,
        HealthyThresholdCount=2,
    )
    groups[slot] = made["TargetGroups"][0]["TargetGroupArn"]
elb.modify_target_group(TargetGroupArn=groups["green"], HealthCheckTimeoutSeconds=3)
elb.modify_target_group_attributes(
    TargetGroupArn=groups["green"],
    Attributes=[{"Key": "deregistration_delay.timeout_seconds", "Value": "7"}],
)
group_attributes = {
    each["Key"]: each["Value"]
    for each in elb.describe_target_group_attributes(TargetGroupArn=groups["green"])["Attributes"]
}


def split(blue, green):
    weighed = [
        {"TargetGroupArn": groups["blue"], "Weight": blue},
        {"TargetGroupArn": groups["green"], "Weight": green},
    ]
    stickiness = {"Enabled": False}
    return [
        {"Type": "forward", "ForwardConfig": {"TargetGroups": weighed, "TargetGroupStickinessConfig": stickiness}}
    ]


listener = elb.create_listener(
    LoadBalancerArn=arn,
    Port=80,
    Protocol="HTTP",
    DefaultActions=[
        {
            "Type": "fixed-response",
            "FixedResponseConfig": {"StatusCode": "503", "ContentType": "text/plain", "MessageBody": "nobody"},
        }
    ],
)["Listeners"][0]["ListenerArn"]
path = [{"Field": "path-pattern", "PathPatternConfig": {"Values": ["/*"]}}]
header = [{"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "x-slot", "Values": ["green"]}}]
route = elb.create_rule(ListenerArn=listener, Priority=100, Conditions=path, Actions=split(100, 0))["Rules"][0]
test = elb.create_rule(ListenerArn=listener, Priority=200, Conditions=header, Actions=split(0, 100))["Rules"][0]
elb.set_rule_priorities(RulePriorities=[{"RuleArn": test["RuleArn"], "Priority": 50}])

url = f"http://{balancer['DNSName']}"
empty = get(url)
for slot, port in zip(["blue", "green"], ports):
    elb.register_targets(TargetGroupArn=groups[slot], Targets=[{"Id": "127.0.0.1", "Port": port}])
for slot in groups:
    elb.get_waiter("target_in_service").wait(TargetGroupArn=groups[slot], WaiterConfig={"Delay": 1})


def answers(requests, headers=None):
    count = {}
    for _ in range(requests):
        answer = get(url, headers)[1]
        count[answer] = count.get(answer, 0) + 1
    return count


def weigh(blue, green):
    elb.modify_rule(RuleArn=route["RuleArn"], Actions=split(blue, green))
    return answers(100)


at_first = answers(20)
by_header = answers(5, {"x-slot": "green"})
half = weigh(50, 50)
after = weigh(0, 100)
described = elb.describe_rules(RuleArns=[route["RuleArn"]])["Rules"][0]

elb.deregister_targets(TargetGroupArn=groups["green"], Targets=[{"Id": "127.0.0.1", "Port": ports[1]}])
leaving = elb.describe_target_health(TargetGroupArn=groups["green"])["TargetHealthDescriptions"]
elb.get_waiter("target_deregistered").wait(
    TargetGroupArn=groups["green"],
    Targets=[{"Id": "127.0.0.1", "Port": ports[1]}],
    WaiterConfig={"Delay": 1},
)
gone = get(url)[0]


def pages(operation, key, name, **asked):
    found = elb.get_paginator(operation).paginate(PaginationConfig={"PageSize": 1}, **asked)
    return [[item[name] for item in page[key]] for page in found]


paged = {
    "groups": pages("describe_target_groups", "TargetGroups", "TargetGroupName", Names=["judge-blue", "judge-green"]),
    "balancers": pages("describe_load_balancers", "LoadBalancers", "LoadBalancerName"),
    "listeners": pages("describe_listeners", "Listeners", "Port", LoadBalancerArn=arn),
    "rules": pages("describe_rules", "Rules", "Priority", ListenerArn=listener),
}

elb.add_tags(ResourceArns=[arn], Tags=[{"Key": "stage", "Value": "test"}])
elb.remove_tags(ResourceArns=[arn], TagKeys=["team"])
tags = elb.describe_tags(ResourceArns=[arn])["TagDescriptions"][0]["Tags"]
elb.set_security_groups(LoadBalancerArn=arn, SecurityGroups=["sg-2"])
elb.modify_listener(ListenerArn=listener, DefaultActions=split(1, 1))

refusals = {
    "a group that is not there": refusal(elb.describe_target_health, TargetGroupArn=groups["blue"] + "0"),
    "a balancer that is not there": refusal(elb.describe_load_balancers, Names=["nothing"]),
    "a listener that is not there": refusal(elb.describe_listeners, ListenerArns=[listener + "0"]),
    "a rule that is not there": refusal(elb.modify_rule, RuleArn=route["RuleArn"] + "0", Actions=split(1, 1)),
    "a second group of that name": refusal(
        elb.create_target_group, Name="judge-blue", Protocol="HTTP", Port=1, VpcId="vpc-1", TargetType="ip"
    ),
    "a second balancer of that name": refusal(
        elb.create_load_balancer, Name="judge", Subnets=["subnet-3", "subnet-4"], Scheme="internal"
    ),
    "a second listener on the port": refusal(
        elb.create_listener, LoadBalancerArn=arn, Port=80, Protocol="HTTP", DefaultActions=split(9, 9)
    ),
    "a priority that is taken": refusal(
        elb.create_rule, ListenerArn=listener, Priority=100, Conditions=header, Actions=split(1, 1)
    ),
    "a group that is in use": refusal(elb.delete_target_group, TargetGroupArn=groups["blue"]),
    "a weight of 1000": refusal(elb.modify_rule, RuleArn=route["RuleArn"], Actions=split(1000, 0)),
    "stickiness beyond a week": refusal(
        elb.modify_rule,
        RuleArn=route["RuleArn"],
        Actions=[
            {
                "Type": "forward",
                "ForwardConfig": {
                    "TargetGroups": [{"TargetGroupArn": groups["blue"], "Weight": 1}],
                    "TargetGroupStickinessConfig": {"Enabled": True, "DurationSeconds": 604801},
                },
            }
        ],
    ),
    "what is not simulated": refusal(elb.describe_ssl_policies),
}

elb.delete_rule(RuleArn=test["RuleArn"])
elb.delete_rule(RuleArn=route["RuleArn"])
elb.delete_listener(ListenerArn=listener)
elb.delete_load_balancer(LoadBalancerArn=arn)
elb.get_waiter("load_balancers_deleted").wait(LoadBalancerArns=[arn], WaiterConfig={"Delay": 1})
for slot in groups:
    elb.delete_target_group(TargetGroupArn=groups[slot])

tell(
    empty=empty,
    idleTimeout=attributes["idle_timeout.timeout_seconds"],
    delay=group_attributes["deregistration_delay.timeout_seconds"],
    atFirst=at_first,
    byHeader=by_header,
    half=half,
    after=after,
    weights=[each["Weight"] for each in described["Actions"][0]["ForwardConfig"]["TargetGroups"]],
    leaving=[each["TargetHealth"]["State"] for each in leaving],
    gone=gone,
    paged=paged,
    tags=tags,
    refusals=refusals,
    left=len(elb.describe_target_groups()["TargetGroups"]),
)
