"""Metric alarms to ALARM and back, a composite on top, both described; history, tags, actions."""

from judge import client, minute, moment, now, refusal, tell, until

watch = client("cloudwatch")
SCORE = {"Namespace": "Judge", "MetricName": "score"}


def publish(value, at):
    watch.put_metric_data(
        Namespace="Judge",
        MetricData=[{"MetricName": "score", "Value": value, "Unit": "Count", "Timestamp": moment(at)}],
    )


def state(name):
    found = watch.describe_alarms(AlarmNames=[name], AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    return (found["MetricAlarms"] + found["CompositeAlarms"])[0]["StateValue"]


def is_low():
    publish(1, now())
    return state("high") == "OK"


for name in ["high", "very-high"]:
    watch.put_metric_alarm(
        AlarmName=name,
        **SCORE,
        Statistic="Maximum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=5 if name == "high" else 5000,
        ComparisonOperator="GreaterThanThreshold",
        TreatMissingData="notBreaching",
        AlarmActions=["arn:aws:sns:us-east-1:000000000000:page"],
        Tags=[{"Key": "slot", "Value": "green"}],
    )
watch.put_composite_alarm(
    AlarmName="any", AlarmRule='ALARM("high") OR ALARM("very-high")', AlarmDescription="either"
)
publish(9, minute(1))
until("the alarm", lambda: publish(9, now()) or state("high") == "ALARM")
until("the composite follows", lambda: state("any") == "ALARM")
alarmed = watch.describe_alarms(AlarmNames=["high"])["MetricAlarms"][0]
default_kinds = watch.describe_alarms()
both = watch.describe_alarms(AlarmTypes=["MetricAlarm", "CompositeAlarm"])
until("it is OK again", is_low)
until("the composite follows back", lambda: state("any") == "OK")

pages = [
    [alarm["AlarmName"] for alarm in page["MetricAlarms"] + page["CompositeAlarms"]]
    for page in watch.get_paginator("describe_alarms").paginate(
        AlarmTypes=["MetricAlarm", "CompositeAlarm"], PaginationConfig={"PageSize": 1}
    )
]
changes = [
    item["HistorySummary"]
    for page in watch.get_paginator("describe_alarm_history").paginate(
        AlarmName="high",
        HistoryItemType="StateUpdate",
        ScanBy="TimestampAscending",
        PaginationConfig={"PageSize": 1},
    )
    for item in page["AlarmHistoryItems"]
]
watch.get_waiter("alarm_exists").wait(AlarmNames=["high"])
watch.get_waiter("composite_alarm_exists").wait(AlarmNames=["any"], AlarmTypes=["CompositeAlarm"])

watch.disable_alarm_actions(AlarmNames=["very-high"])
disabled = watch.describe_alarms(AlarmNames=["very-high"])["MetricAlarms"][0]["ActionsEnabled"]
watch.enable_alarm_actions(AlarmNames=["very-high"])
enabled = watch.describe_alarms(AlarmNames=["very-high"])["MetricAlarms"][0]["ActionsEnabled"]

arn = alarmed["AlarmArn"]
watch.tag_resource(ResourceARN=arn, Tags=[{"Key": "owner", "Value": "ml"}])
watch.untag_resource(ResourceARN=arn, TagKeys=["slot"])
tags = watch.list_tags_for_resource(ResourceARN=arn)["Tags"]

watch.set_alarm_state(AlarmName="very-high", StateValue="ALARM", StateReason="drill")
drill = state("any")

refusals = {
    "a composite of what is not there": refusal(
        watch.put_composite_alarm, AlarmName="x", AlarmRule="ALARM(nothing)"
    ),
    "a state of an alarm that is not there": refusal(
        watch.set_alarm_state, AlarmName="nothing", StateValue="OK", StateReason="x"
    ),
    "state data that is no JSON": refusal(
        watch.set_alarm_state, AlarmName="high", StateValue="OK", StateReason="x", StateReasonData="{"
    ),
    "an alarm that a composite needs is deleted": refusal(watch.delete_alarms, AlarmNames=["high"]),
    "an alarm that is not there is deleted": refusal(watch.delete_alarms, AlarmNames=["nothing"]),
    "tags of nothing": refusal(
        watch.list_tags_for_resource, ResourceARN=arn.replace(":high", ":nothing")
    ),
    "a page that is not there": refusal(watch.describe_alarms, NextToken="nonsense"),
    "a period that is not one": refusal(
        watch.put_metric_alarm,
        AlarmName="x",
        **SCORE,
        Statistic="Sum",
        Period=61,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    ),
    "anomaly detection": refusal(watch.describe_anomaly_detectors),
}
watch.delete_alarms(AlarmNames=["any"])
watch.delete_alarms(AlarmNames=["high", "very-high"])

tell(
    alarmed=alarmed,
    defaultKinds=[len(default_kinds["MetricAlarms"]), len(default_kinds["CompositeAlarms"])],
    both=[
        [alarm["AlarmName"] for alarm in both["MetricAlarms"]],
        [(alarm["AlarmName"], alarm["AlarmRule"], alarm["StateValue"]) for alarm in both["CompositeAlarms"]],
    ],
    pages=pages,
    changes=changes,
    actions=[disabled, enabled],
    tags=tags,
    drill=drill,
    refusals=refusals,
    left=watch.describe_alarms(AlarmTypes=["MetricAlarm", "CompositeAlarm"])["MetricAlarms"],
)
