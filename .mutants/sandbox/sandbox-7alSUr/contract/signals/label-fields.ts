import { text } from "../config/field.ts";

/** Where labels are kept that come after the answers (`npx bluegreen feedback`). */
export const labelFields = {
  bucket: text(
    // Amazon S3, "General purpose bucket naming rules".
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    "the name of an S3 bucket",
    "Bucket of S3 in which `feedback` keeps what it is told, below `labels/<project>/<stack>/`; that of the state will do. On the local cloud labels are kept in files, and it needs none.",
  ),
} as const;
