import { startCli } from '../../unit/cli/run-cli.ts';

/** The address of a gateway on a demo cluster of its own, in which nothing changes by itself. It ends with the test. */
export async function demoGateway(...flags: readonly string[]): Promise<string> {
  const greeting = await startCli(['demo', '--port', '0', '--quiet', ...flags]).greeting();
  const url = /http:\/\/\S+/.exec(greeting)?.[0];
  if (url === undefined) throw new Error(`the demo did not start: ${greeting}`);
  return url;
}
