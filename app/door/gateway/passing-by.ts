interface Ending {
  /** The reader sees the end only after this. */
  readonly beforeEnd: Promise<unknown>;
  /** The source failed: whoever listens must not take what came for the whole. */
  readonly brokeOff: () => void;
}

/** The same bytes as they come, nothing held back but the end. */
export function passingBy(source: ReadableStream<Uint8Array>, { beforeEnd, brokeOff }: Ending): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (!done) return controller.enqueue(value);
        await beforeEnd;
      } catch {
        brokeOff();
      }
      controller.close();
    },
    cancel: (reason) => reader.cancel(reason),
  });
}
