import { atEnd } from '../../real/support/at-end.ts';
import { startGateway, type TestGateway } from '../../real/support/gateway.ts';
import { serverUnderTest } from './context.ts';

/** A gateway on the server under test, with the kubeconfig of one of its users. It ends after the file's last test. */
export async function gatewayAs(user: 'admin' | 'viewer' = 'admin'): Promise<TestGateway> {
  const gateway = await startGateway({ kubeconfig: serverUnderTest().kubeconfigs[user] });
  atEnd(() => gateway.close());
  return gateway;
}
