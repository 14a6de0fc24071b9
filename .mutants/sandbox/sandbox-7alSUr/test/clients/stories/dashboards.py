"""A dashboard put, listed, read back as it was given, and deleted; and what CloudWatch would refuse."""

import json

from judge import client, refusal, tell

watch = client("cloudwatch")
metrics = [["AWS/ApplicationELB", "RequestCount", "LoadBalancer", "app/lb/1"]]
widget = {"type": "metric", "properties": {"region": "us-east-1", "metrics": metrics}}
body = json.dumps({"widgets": [widget]})

messages = watch.put_dashboard(DashboardName="judge", DashboardBody=body)["DashboardValidationMessages"]
found = watch.get_dashboard(DashboardName="judge")
pages = watch.get_paginator("list_dashboards").paginate(DashboardNamePrefix="jud")
listed = [entry for page in pages for entry in page["DashboardEntries"]]

refusals = {
    "a widget without its region": refusal(
        watch.put_dashboard,
        DashboardName="judge",
        DashboardBody=json.dumps({"widgets": [{"type": "metric", "properties": {"metrics": metrics}}]}),
    ),
    "a dashboard that is not there": refusal(watch.get_dashboard, DashboardName="other"),
    "one that is not there is deleted": refusal(watch.delete_dashboards, DashboardNames=["judge", "other"]),
}
watch.delete_dashboards(DashboardNames=["judge"])

tell(
    messages=messages,
    arn=found["DashboardArn"],
    same=found["DashboardBody"] == body,
    listed=[[entry["DashboardName"], entry["Size"] == len(body)] for entry in listed],
    left=watch.list_dashboards()["DashboardEntries"],
    refusals=refusals,
)
