import { expect, it } from 'vitest';
import { mappedLocation } from '../../../../src/server/services/location.ts';
import { readServicePath } from '../../../../src/server/services/service-path.ts';

const UPSTREAM = '/api/v1/namespaces/shop/services/web:http/proxy';
const OURS = '/services/shop/web:http';

/** Where an answer to `/services/shop/web:http/a/b?c=d` leads that has this `Location`. */
function mapped(location: string | readonly string[]): string {
  return mappedLocation(location, readServicePath('/shop/web:http/a/b?c=d'));
}

it.each([
  // What the API server makes of paths, and of URLs that name the host it was asked by.
  [`${UPSTREAM}/x`, `${OURS}/x`],
  [`${UPSTREAM}/x/?y=1&z=%2F#f`, `${OURS}/x/?y=1&z=%2F#f`],
  [`${UPSTREAM}/`, `${OURS}/`],
  [`http://10.0.0.1:6443${UPSTREAM}/x`, `${OURS}/x`],
  [`https://k8s.example.com${UPSTREAM}/x`, `${OURS}/x`],
  [`https://user:password@k8s.example.com${UPSTREAM}/x`, `${OURS}/x`],
  [`//k8s.example.com${UPSTREAM}/x`, `${OURS}/x`],
  // One that stands behind another server's path, which that one has put before its own.
  [`/k8s/clusters/c-1${UPSTREAM}/x`, `${OURS}/x`],
  // What it leaves as it is.
  ['x', `${OURS}/a/x`],
  ['./x', `${OURS}/a/x`],
  ['../x', `${OURS}/x`],
  ['..', `${OURS}/`],
  ['?y=1', `${OURS}/a/b?y=1`],
  ['#f', `${OURS}/a/b?c=d#f`],
  ['', `${OURS}/a/b?c=d`],
  ['x y', `${OURS}/a/x%20y`],
  ['%C3%A4', `${OURS}/a/%C3%A4`],
  ['%252e%252e/x', `${OURS}/a/%252e%252e/x`],
  ['x%0d%0aSet-Cookie:%20a', `${OURS}/a/x%0d%0aSet-Cookie:%20a`],
  // A path of the service that looks like the API server's.
  [`${UPSTREAM}${UPSTREAM}/x`, `${OURS}${UPSTREAM}/x`],
  [`${UPSTREAM}//evil.example.com`, `${OURS}//evil.example.com`],
])('%j leads to %s', (location, expected) => {
  expect(mapped(location)).toBe(expected);
});

it.each([
  // Other hosts.
  'https://evil.example.com/x',
  '//evil.example.com/x',
  '\\\\evil.example.com/x',
  '/\\evil.example.com/x',
  '/\t/evil.example.com/x',
  'https:evil.example.com',
  'https:///evil.example.com/x',
  'https://evil.example.com',
  // The gateway itself.
  'http://localhost:4000/graphql',
  'http://localhost:4000/services/shop/web:http/x',
  '/services/shop/web:http/x',
  '/graphql',
  '/',
  // Other places of the API server, which what it makes of `/..` leads to.
  '/api/v1/namespaces/shop/services/web:http/x',
  '/api/v1/namespaces/shop/services/web:http/proxy',
  '/api/v1/namespaces/shop/services/web:http/proxy-other/x',
  '/api/v1/namespaces/shop/services/other/proxy/x',
  '/api/v1/namespaces/shop/services/web:http/proxy%2fx',
  '/api/v1/namespaces/other/services/web:http/proxy/x',
  '/api/v1/namespaces/shop/pods/web:http/proxy/x',
  '/api/v1/nodes/node-1/proxy/run',
  `/api/v1/namespaces/shop/services/WEB:http/proxy/x`,
  '../../x',
  '../../../other/proxy/x',
  '.%2e/%2E%2e/x',
  '..\\..\\x',
  `${UPSTREAM}/../x`,
  `${UPSTREAM}/%2e%2e/x`,
  `${UPSTREAM}/a/../../x`,
  // What the gateway would not ask for.
  '..%2fx',
  `${UPSTREAM}/..%2f..%2fx`,
  `${UPSTREAM}/a%5c..%5cx`,
  // What is none.
  'http://[::1',
  'http://',
  `javascript:alert(1)//${UPSTREAM}/x`,
  `javascript:${UPSTREAM}/x`,
  `data:${UPSTREAM}/x`,
  `ftp://k8s.example.com${UPSTREAM}/x`,
  `mailto:${UPSTREAM}/x`,
])('%j is refused, and named', (location) => {
  expect(() => mapped(location)).toThrow(
    expect.objectContaining({
      code: 'UPSTREAM_ERROR',
      message: expect.stringContaining(location.replaceAll('\t', ' ').slice(0, 100)),
    }),
  );
});

it('several of them are none', () => {
  expect(() => mapped([`${UPSTREAM}/x`, `${UPSTREAM}/y`])).toThrow(
    expect.objectContaining({ code: 'UPSTREAM_ERROR' }),
  );
});

it('is named on one line, and not at any length', () => {
  expect(() => mapped(`https://evil.example.com/\u001b[31m\u2028${'x'.repeat(10_000)}`)).toThrow(
    expect.objectContaining({ message: expect.stringMatching(/^[ -~]{1,300}$/) }),
  );
});
