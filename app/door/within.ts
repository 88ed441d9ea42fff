/** The promise's result, or an error once the time is over. What was begun is not undone: its outcome is unknown then. */
export function within<T>(milliseconds: number, promise: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`There was no answer within ${milliseconds} ms.`)), milliseconds);
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
