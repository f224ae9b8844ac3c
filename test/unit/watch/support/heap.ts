import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes of the heap that are in use once the garbage is gone. */
export function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  // Only a new context sees the function.
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}
