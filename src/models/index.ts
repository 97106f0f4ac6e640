/** Language models: loading, looking inside, scoring and generating. */
export { loadModel, type LoadModelOptions } from "./load-model.ts";
export { trace, type Trace, type TraceOptions } from "./trace.ts";
