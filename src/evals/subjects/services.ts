/** Where a service answers and under which names its users keep keys and addresses. */
export interface Service {
  readonly protocol: "chat-completions" | "messages" | "generate-content";
  /** The first one that is set counts. */
  readonly keys: readonly string[];
  /** True for servers that run on one's own machine. */
  readonly keyIsOptional?: boolean;
  readonly addresses: readonly string[];
  /** Older names, accepted with a notice that says the newer one. */
  readonly oldNames?: Readonly<Record<string, string>>;
  readonly defaultAddress?: string;
}

/** A service that speaks OpenAI's protocol, with the names that follow from its own. */
function compatible(name: string, defaultAddress: string, oldNames: Service["oldNames"] = {}): Service {
  return {
    protocol: "chat-completions",
    keys: [`${name}_API_KEY`],
    addresses: [`${name}_BASE_URL`],
    oldNames,
    defaultAddress,
  };
}

/** Every API subject's service. */
export const services = {
  openai: {
    protocol: "chat-completions",
    keys: ["OPENAI_API_KEY"],
    addresses: ["OPENAI_BASE_URL"],
    oldNames: { OPENAI_API_BASE: "OPENAI_BASE_URL" },
    defaultAddress: "https://api.openai.com/v1",
  },
  anthropic: {
    protocol: "messages",
    keys: ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"],
    addresses: ["ANTHROPIC_BASE_URL"],
    defaultAddress: "https://api.anthropic.com",
  },
  google: {
    protocol: "generate-content",
    keys: ["GOOGLE_GENERATIVE_AI_API_KEY", "GOOGLE_API_KEY", "GEMINI_API_KEY"],
    addresses: ["GOOGLE_BASE_URL", "GOOGLE_GEMINI_BASE_URL"],
    defaultAddress: "https://generativelanguage.googleapis.com/v1beta",
  },
  "openai-compatible": {
    protocol: "chat-completions",
    keys: ["OPENAI_COMPATIBLE_API_KEY"],
    keyIsOptional: true,
    addresses: ["OPENAI_COMPATIBLE_BASE_URL"],
  },
  deepseek: compatible("DEEPSEEK", "https://api.deepseek.com/v1"),
  fireworks: compatible("FIREWORKS", "https://api.fireworks.ai/inference/v1"),
  groq: compatible("GROQ", "https://api.groq.com/openai/v1"),
  mistral: compatible("MISTRAL", "https://api.mistral.ai/v1"),
  openrouter: compatible("OPENROUTER", "https://openrouter.ai/api/v1"),
  together: compatible("TOGETHER", "https://api.together.xyz/v1"),
  xai: compatible("XAI", "https://api.x.ai/v1", { GROK_API_KEY: "XAI_API_KEY" }),
} satisfies Readonly<Record<string, Service>>;

export type ServiceName = keyof typeof services;

/** Every variable that holds a key of some service, older names included. */
export const secretNames: readonly string[] = [
  ...new Set([
    ...Object.values<Service>(services).flatMap(({ keys, oldNames = {} }) => [...keys, ...Object.keys(oldNames)]),
    "HF_TOKEN",
  ]),
].filter((name) => /KEY|TOKEN/.test(name));
