/** What the API server lets most objects be called: a pod, a namespace, a service. */
const NAME = /^[a-z0-9](?:[-.a-z0-9]{0,251}[a-z0-9])?$/;

/** Whether an object can have that name. */
export function isObjectName(text: string): boolean {
  return NAME.test(text);
}
