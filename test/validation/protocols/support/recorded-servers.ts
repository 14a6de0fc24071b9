import type { Ask, Question, Reply } from "../../../../validation/protocols/ask.ts";

/** What a server answers to a path: `status body`, or what depends on the request. */
type Page = string | ((question: Question) => string);

export interface RecordedServer {
  readonly name: string;
  readonly protocol: string;
  /** What is answered where no page is. */
  readonly other: string;
  readonly pages: Readonly<Record<string, Page>>;
}

const FASTAPI_404 = '404 {"detail":"Not Found"}';
const DIGIT = '{"predictions":[0]}';

/** Whether the body of a request has this text. */
const has = ({ body = "" }: Question, text: string) => String(body).includes(text);

/**
 * Bodies as these servers gave them, recorded on 2026-11-29: MLServer 1.7.1, KServe 0.21.0, mlflow 3.17.2, BentoML 1.4.40,
 * LiteLLM's proxy. Those of TensorFlow Serving, Triton, OpenVINO, vLLM and SageMaker's scikit-learn container are from their
 * documents.
 */
export const RECORDED: readonly RecordedServer[] = [
  {
    name: "MLServer",
    protocol: "open-inference",
    other: FASTAPI_404,
    pages: {
      "GET /v2": '200 {"name":"mlserver","version":"1.7.1","extensions":[]}',
      "GET /v2/health/ready": "200 ",
      "POST /v2/repository/index": '200 [{"name":"digits","version":"7","state":"READY","reason":""}]',
      "GET /v2/models/digits":
        '200 {"name":"digits","versions":[],"platform":"","inputs":[],"outputs":[],"parameters":{}}',
      "POST /v2/models/digits/infer":
        '200 {"model_name":"digits","model_version":"7","id":"20fcecf5","parameters":{},"outputs":[{"name":"predict","shape":[1,1],"datatype":"INT64","parameters":{"content_type":"np"},"data":[0]}]}',
    },
  },
  {
    name: "Triton",
    protocol: "open-inference",
    other: "404 ",
    pages: {
      "GET /v2":
        '200 {"name":"triton","version":"2.50.0","extensions":["classification","sequence","model_repository","statistics"]}',
      "POST /v2/repository/index": '200 [{"name":"digits","version":"3","state":"READY"}]',
      "GET /v2/models/digits":
        '200 {"name":"digits","versions":["3"],"platform":"onnxruntime_onnx","inputs":[{"name":"pixels","datatype":"FP32","shape":[-1,4]}],"outputs":[{"name":"scores","datatype":"FP32","shape":[-1,3]}]}',
      "POST /v2/models/digits/infer":
        '200 {"model_name":"digits","model_version":"3","outputs":[{"name":"scores","datatype":"FP32","shape":[1,3],"data":[0.1,0.7,0.2]}]}',
    },
  },
  {
    name: "OpenVINO Model Server",
    protocol: "open-inference",
    other: '404 {"error":"Invalid request URL"}',
    pages: {
      "GET /v2": '200 {"name":"OpenVINO Model Server","version":"2026.0.0.4d3933c5c"}',
      "GET /v1/config":
        '200 {"digits":{"model_version_status":[{"version":"1","state":"AVAILABLE","status":{"error_code":"OK","error_message":"OK"}}]}}',
      "GET /v2/models/digits":
        '200 {"name":"digits","versions":["1"],"platform":"OpenVINO","inputs":[{"name":"pixels","datatype":"FP32","shape":[-1,4]}],"outputs":[{"name":"scores","datatype":"FP32","shape":[-1,3]}]}',
      "POST /v2/models/digits/infer":
        '200 {"model_name":"digits","model_version":"1","outputs":[{"name":"scores","shape":[1,3],"datatype":"FP32","data":[0.1,0.7,0.2]}]}',
    },
  },
  {
    name: "KServe",
    protocol: "kserve-v1",
    other: FASTAPI_404,
    pages: {
      "GET /": '200 {"status":"alive"}',
      "GET /v1/models": '200 {"models":["digits"]}',
      "GET /v1/models/digits": '200 {"name":"digits","ready":true}',
      "GET /v2": '200 {"name":"kserve","version":"0.21.0","extensions":["model_repository_extension"]}',
      "GET /v2/models": '200 {"models":["digits"]}',
      "GET /v2/models/digits": '200 {"name":"digits","versions":null,"platform":"","inputs":[],"outputs":[]}',
      "POST /v1/models/digits:predict": (question) =>
        has(question, '"instances"') ? `200 ${DIGIT}` : `500 {"error":"KeyError : 'instances'"}`,
    },
  },
  {
    name: "mlflow",
    protocol: "mlflow",
    other: FASTAPI_404,
    pages: {
      "GET /ping": "200 \n",
      "GET /health": "200 \n",
      "GET /version": "200 3.17.2",
      "POST /invocations": (question) =>
        /"(inputs|instances|dataframe_split)"/.test(String(question.body))
          ? `200 {"predictions": [0]}`
          : `400 {"error_code": "BAD_REQUEST", "message": "The input must be a JSON dictionary with exactly one of the input fields {'dataframe_records', 'inputs', 'dataframe_split', 'instances'}. Received dictionary with input fields: []."}`,
    },
  },
  {
    name: "BentoML",
    protocol: "bentoml",
    other: "404 Not Found",
    pages: {
      "GET /": "200 <!DOCTYPE html><title>BentoML Prediction Service</title>",
      "GET /healthz": "200 \n",
      "GET /readyz": "200 \n",
      "GET /schema.json":
        '200 {"name":"Digits","type":"service","routes":[{"name":"classify","route":"/classify","batchable":false,"input":{"properties":{"rows":{"format":"numpy-array","title":"Rows","type":"tensor"}},"required":["rows"],"title":"Input","type":"object"},"output":{"format":"numpy-array","type":"tensor"},"is_task":false},{"name":"predict","route":"/predict","batchable":false,"input":{"properties":{"features":{"items":{"type":"number"},"title":"Features","type":"array"}},"required":["features"],"title":"Input","type":"object"},"output":{"type":"integer"},"is_task":false}],"paths":{"/classify":{"mounted":false},"/predict":{"mounted":false}}}',
      "POST /predict": (question) =>
        has(question, '"features"') ? "200 0" : '400 {"error":"1 validation error for Input"}',
      "POST /classify": (question) =>
        has(question, '"rows"') ? "200 [0]" : '400 {"error":"1 validation error for Input"}',
    },
  },
  {
    name: "LiteLLM",
    protocol: "openai",
    other: FASTAPI_404,
    pages: {
      "GET /": "200 <!DOCTYPE html><title>LiteLLM API - Swagger UI</title>",
      "GET /health/liveliness": `200 "I'm alive!"`,
      "GET /v1/models":
        '200 {"data":[{"id":"helper","object":"model","created":1677610602,"owned_by":"openai"}],"object":"list"}',
      "POST /v1/chat/completions":
        '200 {"id":"chatcmpl-dd36","created":1795981003,"model":"helper","object":"chat.completion","choices":[{"finish_reason":"stop","index":0,"message":{"content":"The answer is 42.","role":"assistant"}}],"usage":{"completion_tokens":20,"prompt_tokens":10,"total_tokens":30}}',
    },
  },
  {
    name: "vLLM, with SageMaker's pages",
    protocol: "openai",
    other: FASTAPI_404,
    pages: {
      "GET /ping": "200 ",
      "GET /health": "200 ",
      "GET /version": '200 {"version":"0.11.0"}',
      "GET /v1/models":
        '200 {"object":"list","data":[{"id":"helper","object":"model","created":1,"owned_by":"vllm","root":"helper","parent":null,"max_model_len":4096}]}',
      "POST /invocations":
        '200 {"id":"cmpl-1","object":"text_completion","model":"helper","choices":[{"index":0,"text":"42"}]}',
      "POST /v1/chat/completions":
        '200 {"id":"chatcmpl-1","object":"chat.completion","model":"helper","choices":[{"index":0,"message":{"role":"assistant","content":"42"},"finish_reason":"stop"}]}',
    },
  },
  {
    name: "a SageMaker container that takes CSV",
    protocol: "sagemaker",
    other: "404 Not Found",
    pages: {
      "GET /ping": "200 ",
      "POST /invocations": ({ contentType, body = "" }) =>
        contentType === "text/csv" && /^[\d.,\n-]+$/.test(String(body))
          ? "200 0"
          : "415 Unsupported Media Type",
    },
  },
  {
    name: "SageMaker's scikit-learn container",
    protocol: "sagemaker",
    other: "404 Not Found",
    pages: {
      "GET /ping": "200 ",
      "POST /invocations": ({ body = "" }) => (String(body).startsWith("[") ? "200 [0]" : "500 "),
    },
  },
  {
    name: "the digits example",
    protocol: "bluegreen",
    other: '404 {"error":"not found"}',
    pages: {
      "GET /health": '200 {"status":"ok"}',
      "GET /metadata": '200 {"model":"digits","modelVersion":"2","features":4}',
      "POST /predict": '200 {"prediction":0,"modelVersion":"2"}',
    },
  },
  {
    name: "Flask as in the tutorials",
    protocol: "flask",
    other: "404 <!doctype html>\n<title>404 Not Found</title>",
    pages: {
      "GET /predict": "405 <!doctype html>\n<title>405 Method Not Allowed</title>",
      "POST /predict": (question) =>
        has(question, '"features"')
          ? '200 {"prediction":[0]}'
          : "500 <!doctype html>\n<title>500 Internal Server Error</title>",
    },
  },
];

/** TensorFlow Serving has no page that lists its models. */
export const TENSORFLOW: RecordedServer = {
  name: "TensorFlow Serving",
  protocol: "kserve-v1",
  other: "404 ",
  pages: {
    "GET /v1/models/digits":
      '200 {"model_version_status":[{"version":"4","state":"AVAILABLE","status":{"error_code":"OK","error_message":""}}]}',
    "POST /v1/models/digits:predict": `200 ${DIGIT}`,
  },
};

/** As an asker of either slot. */
export function asking({ pages, other }: Pick<RecordedServer, "pages" | "other">): Ask {
  return async (_, question) => {
    const page = pages[`${question.method} ${question.path}`] ?? other;
    const said = typeof page === "string" ? page : page(question);
    const [, status = "0", text = ""] = /^(\d+) ([\s\S]*)$/.exec(said) ?? [];
    return { status: Number(status), text, seconds: 0.001 } satisfies Reply;
  };
}
