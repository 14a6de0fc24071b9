import * as pulumi from "@pulumi/pulumi";
import { BlueGreenService } from "./component/blue-green-service.ts";
import { custom } from "./custom.ts";

/**
 * The program of this repository: one model in two slots behind one route. It is called as the project, so its
 * configuration is the project's own: `pulumi config set activeSlot green`. What is beyond that stands in custom.ts.
 */
const model = new BlueGreenService(pulumi.getProject(), { custom });

const { outputs } = await model.made;
export default outputs;
