"""A task that writes lines with AWS's own library; what CloudWatch then has of them, whole and by segment."""

from judge import client, define, minute, moment, tell, until

ecs, watch = client("ecs"), client("cloudwatch")
STACK = {"Name": "Stack", "Value": "judge/embedded"}
SLOT = {"Name": "Slot", "Value": "green"}

ecs.create_cluster(clusterName="embedded")
variables = {"STACK": STACK["Value"], "SLOT": SLOT["Value"], "AWS_EMF_ENVIRONMENT": "Local"}
environment = [{"name": name, "value": value} for name, value in variables.items()]
definition = define(ecs, "counting", {"image": "counting:1", "environment": environment})
ecs.create_service(
    cluster="embedded",
    serviceName="counting",
    taskDefinition=definition,
    desiredCount=1,
    launchType="FARGATE",
    networkConfiguration={"awsvpcConfiguration": {"subnets": ["subnet-1"], "securityGroups": ["sg-1"]}},
)


def total(name, *more):
    """The sum of a metric of the last half an hour."""
    points = watch.get_metric_statistics(
        Namespace="MlBlueGreen/Signals",
        MetricName=name,
        Dimensions=[STACK, SLOT, *more],
        StartTime=moment(minute(30)),
        EndTime=moment(minute(-1)),
        Period=60,
        Statistics=["Sum"],
    )["Datapoints"]
    return sum(point["Sum"] for point in points)


def by_country(name, value):
    return total(name, {"Name": "country", "Value": value})


until("all answers are counted", lambda: total("Answers") == 40)
listed = watch.list_metrics(Namespace="MlBlueGreen/Signals", Dimensions=[SLOT])["Metrics"]
tell(
    clusters=[arn.rsplit("/", 1)[-1] for arn in ecs.list_clusters()["clusterArns"]],
    refused=[total("Refused"), total("Answers")],
    DE=[by_country("Refused", "DE"), by_country("Answers", "DE")],
    FR=[by_country("Refused", "FR"), by_country("Answers", "FR")],
    dimensions=sorted({" ".join(sorted(one["Name"] for one in each["Dimensions"])) for each in listed}),
)
