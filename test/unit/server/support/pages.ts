/** The `Origin` of pages that this machine serves. */
export const OWN_ORIGINS: readonly string[] = [
  'http://localhost',
  'http://localhost:3000',
  'https://localhost',
  'https://localhost:8443',
  'http://127.0.0.1:5173',
  'http://[::1]:4000',
  'http://[::1]:8001',
];

/** What is none of them, however much it looks like one. */
export const FOREIGN_ORIGINS: readonly string[] = [
  'null',
  '',
  'https://example.com',
  'http://localhost.example.com',
  'http://localhost:4000.example.com',
  'http://127.0.0.1.example.com',
  'http://localhost@example.com',
  'http://example.com@localhost.example.com',
  'http://localhost/',
  'http://localhost#',
  'http://localhost http://example.com',
  'file://',
  'ftp://localhost',
  'chrome-extension://localhost',
  'localhost',
  '//localhost',
  'http://',
  'http://[::ffff:127.0.0.1]',
];

const VISIT = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };

/** What browsers say of where a request comes from, and whether it may pass. */
export const FETCHES: readonly (readonly [
  method: string,
  headers: Readonly<Record<string, string>>,
  isPassing: boolean,
])[] = [
  ['GET', { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' }, true],
  ['GET', { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }, true],
  ['POST', { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }, true],
  ['GET', { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }, true],
  ['GET', { 'sec-fetch-site': 'none', ...VISIT }, true],
  ['GET', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }, true],
  ['GET', { 'sec-fetch-site': 'cross-site', ...VISIT }, true],
  ['GET', { 'sec-fetch-site': 'same-site', ...VISIT }, true],
  // Forms name no Origin everywhere.
  ['POST', { 'sec-fetch-site': 'cross-site', ...VISIT }, false],
  ['DELETE', { 'sec-fetch-site': 'same-site', ...VISIT }, false],
  ['GET', { 'sec-fetch-site': 'cross-site', ...VISIT, 'sec-fetch-dest': 'iframe' }, false],
  ['GET', { 'sec-fetch-site': 'cross-site', ...VISIT, upgrade: 'websocket' }, false],
  ['GET', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'navigate', upgrade: 'websocket' }, false],
  ['GET', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }, false],
  ['GET', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }, false],
  ['GET', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script' }, false],
  ['GET', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' }, false],
  [
    'GET',
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'websocket', 'sec-fetch-dest': 'empty' },
    false,
  ],
];
