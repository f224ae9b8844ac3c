import { BlockList, isIP } from 'node:net';
import { Secret } from '../secret.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** The schemes that client-go takes in `proxy-url`. */
export function isProxyUrl(text: string): boolean {
  const scheme = URL.canParse(text) ? new URL(text).protocol : '';
  return ['http:', 'https:', 'socks5:'].includes(scheme);
}

/**
 * The proxy that the environment names for `server`, by the rules of Go's `httpproxy`, which kubectl follows: upper case
 * first, never for loopback, NO_PROXY lists hosts, `.domains`, IP addresses, CIDR blocks and `*`, each with an optional
 * port.
 */
export function proxyFromEnvironment(server: URL, env: Env): Secret | undefined {
  const name = server.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const value = read(env, name);
  if (value === '') return undefined;
  const url = isProxyUrl(value) ? value : `http://${value}`;
  if (!URL.canParse(url) || isExempt(server, read(env, 'NO_PROXY'))) return undefined;
  return new Secret(url);
}

function read(env: Env, name: string): string {
  return env[name] || env[name.toLowerCase()] || '';
}

function isExempt(server: URL, noProxy: string): boolean {
  const host = bareHost(server);
  if (isLoopback(host)) return true;
  const port = server.port || (server.protocol === 'https:' ? '443' : '80');
  return noProxy
    .split(',')
    .map((rule) => rule.trim().toLowerCase())
    .some((rule) => rule === '*' || (rule !== '' && matches(rule, host, port)));
}

function matches(rule: string, host: string, port: string): boolean {
  if (rule.includes('/')) return isInBlock(rule, host);
  const { name, port: rulePort } = splitPort(rule);
  if (rulePort !== '' && rulePort !== port) return false;
  if (isIP(name) !== 0) return name === host;
  // `example.com` covers itself and what is below it; `.example.com` and `*.example.com` only what is below.
  const domain = name.replace(/^\*?\./, '');
  const isBelow = host.endsWith(`.${domain}`);
  return name === domain ? host === domain || isBelow : isBelow;
}

function splitPort(rule: string): { name: string; port: string } {
  const match = /^\[?([^\]]*?)\]?(?::(\d+))?$/.exec(rule);
  const isBareIpv6 = isIP(rule) === 6;
  return isBareIpv6 || match === null
    ? { name: rule, port: '' }
    : { name: match[1] ?? rule, port: match[2] ?? '' };
}

function isInBlock(rule: string, host: string): boolean {
  const [network = '', bits = ''] = rule.split('/');
  const family = isIP(network);
  if (family === 0 || isIP(host) !== family || !/^\d{1,3}$/.test(bits)) return false;
  if (Number(bits) > (family === 4 ? 32 : 128)) return false;
  const block = new BlockList();
  block.addSubnet(network, Number(bits), family === 4 ? 'ipv4' : 'ipv6');
  return block.check(host, family === 4 ? 'ipv4' : 'ipv6');
}

/** The host without the brackets of an IPv6 address. */
export function bareHost(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1');
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
