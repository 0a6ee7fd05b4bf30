import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { addressOf, isOwnOrigin } from './request.ts';

const request = (headers: Record<string, string | string[]>) =>
  ({ headers, socket: { remoteAddress: '10.0.0.1' } }) as unknown as IncomingMessage;

test.each<[string, Record<string, string>, boolean, string]>([
  ['nobody is believed without a proxy', { 'x-forwarded-for': '1.2.3.4' }, false, '10.0.0.1'],
  ['the proxy is believed', { 'x-forwarded-for': '1.2.3.4' }, true, '1.2.3.4'],
  ['what the client made up stands before', { 'x-forwarded-for': '6.6.6.6, 1.2.3.4' }, true, '1.2.3.4'],
  ['a proxy that says nothing', {}, true, '10.0.0.1'],
  ['a proxy that says nothing useful', { 'x-forwarded-for': '' }, true, '10.0.0.1']
])('the address: %s', (_what, headers, trustProxy, address) => {
  expect(addressOf(request(headers), trustProxy)).toBe(address);
});

test.each<[string, Record<string, string>, boolean, boolean]>([
  ['the host asked for', { host: 'a.example' }, false, true],
  ['another host', { host: 'b.example' }, false, false],
  ['the host the proxy names', { host: 'inner', 'x-forwarded-host': 'a.example' }, true, true],
  ['a host that only the client names', { host: 'inner', 'x-forwarded-host': 'a.example' }, false, false],
  ['a proxy that leaves the host alone', { host: 'a.example' }, true, true]
])('an origin of our own: %s', (_what, headers, trustProxy, own) => {
  const sent = request({ ...headers, origin: 'https://a.example' });
  expect(isOwnOrigin(sent, undefined, trustProxy)).toBe(own);
});
