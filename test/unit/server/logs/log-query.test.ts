import { describe, expect, it } from 'vitest';
import { rawRequest } from '../../support/raw-request.ts';
import { rawConnection, textUntilEnd } from '../support/stream-server.ts';
import { logGateway, POD } from './support/log-gateway.ts';

describe('a log', () => {
  it.each([
    ['', ''],
    ['&follow=true', '&follow=true'],
    ['&follow=0&previous=false&timestamps=false', ''],
    ['&previous=1&timestamps=1', '&previous=true&timestamps=true'],
    ['&sinceSeconds=3&tailLines=0&limitBytes=9', '&sinceSeconds=3&tailLines=0&limitBytes=9'],
    ['&sinceTime=2026-01-01T00:00:00.5%2B02:00', '&sinceTime=2026-01-01T00%3A00%3A00.5%2B02%3A00'],
    ['&grep=x', ''],
  ])('that is asked for with "%s" is asked for upstream with "%s"', async (query, expected) => {
    const { url, calls } = await logGateway();
    expect((await rawRequest(`${url}?container=c${query}`)).status).toBe(200);
    expect(calls()).toEqual([`GET ${POD}/log?container=c${expected}`]);
  });

  it.each([
    ['?tail=1', '"tail" is no parameter, or is given twice'],
    ['?follow=true&follow=true', '"follow" is no parameter, or is given twice'],
    ['?follow', '"follow" is true or false'],
    ['?previous=yes', '"previous" is true or false'],
    ['?timestamps=TRUE', '"timestamps" is true or false'],
    ['?container=', '"" cannot be the name of a container'],
    ['?container=a%22%0d%0ab', '"a\\"\\r\\nb" cannot be the name of a container'],
    ['?tailLines=-1', '"tailLines" is a whole number from 0'],
    ['?tailLines=', '"tailLines" is a whole number from 0'],
    ['?tailLines=1.5', '"tailLines" is a whole number from 0'],
    ['?limitBytes=0', '"limitBytes" is a whole number from 1'],
    ['?limitBytes=9007199254740993', '"limitBytes" is a whole number from 1'],
    ['?sinceSeconds=0', '"sinceSeconds" is a whole number from 1'],
    ['?sinceTime=yesterday', '"sinceTime" is a time such as 2026-01-01T00:00:00Z'],
    ['?sinceSeconds=1&sinceTime=2026-01-01T00:00:00Z', 'give "sinceSeconds" or "sinceTime", and not both'],
    ['?grep=(', '"grep" is no regular expression: error parsing regexp: missing closing ): `(`'],
  ])('is refused behind "%s", and nothing goes upstream', async (rest, message) => {
    const { url, calls } = await logGateway();
    const { status, headers, body } = await rawRequest(url + rest);
    expect(status).toBe(400);
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(JSON.parse(body.toString())).toEqual({
      errors: [{ message, extensions: { code: 'BAD_USER_INPUT' } }],
    });
    expect(calls()).toEqual([]);
  });

  it.each([
    '/logs/',
    '/logs/a',
    '/logs/a/x/',
    '/logs/a/x/log',
    '/logs/a//x',
    '/logs/a/%78',
    '/logs/a/../x',
    '/logs/a/..%2fx',
  ])('is not below %s', async (path) => {
    const { port, calls } = await logGateway();
    const socket = await rawConnection(
      port,
      `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
    );
    const answer = await textUntilEnd(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 400 [^]*"message":"the path is \/logs\/NAMESPACE\/POD"/);
    expect(calls()).toEqual([]);
  });
});
