import type { APIGatewayProxyEventV2 } from 'aws-lambda';

export interface EventOptions {
  readonly method?: string;
  readonly path?: string;
  readonly query?: string;
  /** Beside those that every client and API Gateway send. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

/** An event as API Gateway's HTTP API sends it for a request to its default endpoint. Default: a POST to /graphql. */
export function httpApiEvent(options: EventOptions): APIGatewayProxyEventV2 {
  const {
    method = 'POST',
    path = '/graphql',
    query = '',
    headers = {},
    body,
    isBase64Encoded = false,
  } = options;
  const host = 'abcde12345.execute-api.us-east-1.amazonaws.com';
  return {
    version: '2.0',
    routeKey: `${method} ${path}`,
    rawPath: path,
    rawQueryString: query,
    headers: {
      accept: '*/*',
      'content-length': String(Buffer.byteLength(body ?? '', isBase64Encoded ? 'base64' : 'utf8')),
      'content-type': 'application/json',
      host,
      'user-agent': 'curl/8.5.0',
      'x-amzn-trace-id': 'Root=1-5e6722a7-cc56xmpl46db7ae02d4da47e',
      'x-forwarded-for': '192.0.2.1',
      'x-forwarded-port': '443',
      'x-forwarded-proto': 'https',
      ...headers,
    },
    requestContext: {
      accountId: '123456789012',
      apiId: 'abcde12345',
      domainName: host,
      domainPrefix: 'abcde12345',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'curl/8.5.0' },
      requestId: 'JKJaXmPLvHcESHA=',
      routeKey: `${method} ${path}`,
      stage: '$default',
      time: '10/Mar/2020:05:16:23 +0000',
      timeEpoch: 1_583_817_383_220,
    },
    ...(body === undefined ? {} : { body }),
    isBase64Encoded,
  };
}
