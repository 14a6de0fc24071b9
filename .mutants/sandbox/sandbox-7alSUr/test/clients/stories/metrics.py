"""Data put, listed and read back: statistics, percentiles, statistic sets, metric math, pages."""

from judge import client, minute, moment, refusal, tell

watch = client("cloudwatch")
start = minute(10)
end = start + 5 * 60


def put(name, at, **data):
    watch.put_metric_data(
        Namespace="Judge/Metrics",
        MetricData=[
            {"MetricName": name, "Dimensions": [{"Name": "slot", "Value": "green"}], "Timestamp": moment(at), **data}
        ],
    )


for index in range(5):
    put("requests", start + index * 60, Values=[1], Counts=[100 * (index + 1)], Unit="Count")
put("errors", start, Value=5)
put("errors", start + 120, Value=30)
put("seconds", start, Values=[0.1, 0.2, 0.3, 0.4], Counts=[10, 10, 10, 10], Unit="Seconds")
put(
    "batch",
    start,
    StatisticValues={"SampleCount": 4, "Sum": 10, "Minimum": 1, "Maximum": 4},
)


def query(name, statistic, **more):
    stat = {
        "Metric": {
            "Namespace": "Judge/Metrics",
            "MetricName": name,
            "Dimensions": [{"Name": "slot", "Value": "green"}],
        },
        "Period": 60,
        "Stat": statistic,
    }
    return {"MetricStat": stat, **more}


QUERIES = [
    query("requests", "Sum", Id="requests", ReturnData=False),
    query("errors", "Sum", Id="errors", ReturnData=False),
    {"Id": "rate", "Expression": "IF(requests >= 200, 100 * FILL(errors, 0) / requests)", "Label": "error rate"},
    query("seconds", "p90", Id="p90"),
]
window = {"StartTime": moment(start), "EndTime": moment(end), "ScanBy": "TimestampAscending"}
whole = watch.get_metric_data(MetricDataQueries=QUERIES, **window)
pages = list(
    watch.get_paginator("get_metric_data").paginate(
        MetricDataQueries=QUERIES, PaginationConfig={"PageSize": 2}, **window
    )
)
newest_first = watch.get_metric_data(
    MetricDataQueries=[query("errors", "Sum", Id="errors")], StartTime=moment(start), EndTime=moment(end)
)


def statistics(name, **asked):
    answer = watch.get_metric_statistics(
        Namespace="Judge/Metrics",
        MetricName=name,
        Dimensions=[{"Name": "slot", "Value": "green"}],
        StartTime=moment(start),
        EndTime=moment(end),
        Period=300,
        **asked,
    )
    return answer["Datapoints"]


listed = [
    metric["MetricName"]
    for page in watch.get_paginator("list_metrics").paginate(Namespace="Judge/Metrics")
    for metric in page["Metrics"]
]
refusals = {
    "an end before the start": refusal(
        watch.get_metric_data,
        MetricDataQueries=QUERIES,
        StartTime=moment(end),
        EndTime=moment(start),
    ),
    "mathematics that cannot be read": refusal(
        watch.get_metric_data, MetricDataQueries=[{"Id": "e", "Expression": "1 +"}], **window
    ),
    "a value that is no number": refusal(
        watch.put_metric_data,
        Namespace="Judge/Metrics",
        MetricData=[{"MetricName": "x", "Value": float("nan")}],
    ),
    "a namespace of AWS": refusal(
        watch.put_metric_data, Namespace="AWS/ECS", MetricData=[{"MetricName": "x", "Value": 1}]
    ),
    "statistics of both kinds": refusal(
        watch.get_metric_statistics,
        Namespace="Judge/Metrics",
        MetricName="errors",
        StartTime=moment(start),
        EndTime=moment(end),
        Period=60,
        Statistics=["Sum"],
        ExtendedStatistics=["p90"],
    ),
    "no statistics": refusal(
        watch.get_metric_statistics,
        Namespace="Judge/Metrics",
        MetricName="errors",
        StartTime=moment(start),
        EndTime=moment(end),
        Period=60,
    ),
}


def shown(result):
    return {"label": result["Label"], "status": result["StatusCode"], "values": result["Values"]}


tell(
    whole={result["Id"]: shown(result) for result in whole["MetricDataResults"]},
    offsets=[(at.timestamp() - start) / 60 for at in whole["MetricDataResults"][0]["Timestamps"]],
    pages=[[len(result["Values"]) for result in page["MetricDataResults"]] for page in pages],
    newestFirst=newest_first["MetricDataResults"][0]["Values"],
    batch=statistics("batch", Statistics=["SampleCount", "Sum", "Minimum", "Maximum", "Average"]),
    percentiles=statistics("seconds", ExtendedStatistics=["p50", "p99"]),
    listed=listed,
    refusals=refusals,
)
