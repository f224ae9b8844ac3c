import { gunzipSync } from 'node:zlib';
import { Pool } from 'undici';
import { targetOf } from '../target.ts';
import { acceptOf, PAGE_SIZE, PATH, type Work } from './forms.ts';
import { PodListScanner } from './pod-list-scanner.ts';

/** How large all pages together are, in MB. */
export interface Sizes {
  /** As they were sent. */
  readonly wire: number;
  readonly unpacked: number;
}

/** Reads all pages and counts. */
export async function sizesOf(work: Work): Promise<Sizes> {
  const { kubeconfig, form, compress } = work;
  const { origin, headers, connect } = targetOf(kubeconfig);
  const pool = new Pool(origin, { connect });
  const sizes = { wire: 0, unpacked: 0 };
  try {
    for (let token: string | undefined = ''; token !== undefined;) {
      const answer = await pool.request({
        method: 'GET',
        path: PATH,
        query: { limit: PAGE_SIZE, continue: token },
        headers: {
          ...headers,
          accept: acceptOf(work),
          'accept-encoding': compress ? 'gzip' : 'identity',
        },
      });
      const sent = Buffer.from(await answer.body.arrayBuffer());
      const page = answer.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
      sizes.wire += sent.length / 1e6;
      sizes.unpacked += page.length / 1e6;
      token = tokenOf(page, form);
    }
    return sizes;
  } finally {
    await pool.close();
  }
}

function tokenOf(page: Buffer, form: Work['form']): string | undefined {
  if (form === 'protobuf') {
    const scanner = new PodListScanner();
    scanner.push(page);
    return scanner.end().continueToken;
  }
  return /^.{0,200}?"continue":"([^"]+)"/.exec(page.toString('latin1', 0, 1000))?.[1];
}
