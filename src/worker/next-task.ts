/** Lets the host answer other requests, and notice that a client went away, between two synchronous computations. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
