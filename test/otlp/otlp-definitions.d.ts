/** What OpenTelemetry generates from its protocol's definitions; the package types the part of it that it uses. */
declare module '@opentelemetry/otlp-transformer/build/src/generated/root.js' {
  interface MessageType {
    fromObject(object: unknown): object;
    encode(message: object): { finish(): Uint8Array };
    decode(bytes: Uint8Array): object;
    toObject(message: object, options: object): unknown;
  }
  const generated: {
    readonly opentelemetry: {
      readonly proto: {
        readonly collector: {
          readonly trace: { readonly v1: { readonly ExportTraceServiceRequest: MessageType } };
        };
      };
    };
  };
  export default generated;
}
