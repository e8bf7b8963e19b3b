/** The write key in `Authorization: Basic base64(key:)`. A Bearer token is not a key: then the body names it. */
export function parseBasicWriteKey(authorization: string | undefined): string | undefined {
  if (!authorization || !/^basic /i.test(authorization) || authorization.length > 2_000) return undefined;
  const decoded = Buffer.from(authorization.slice(6).trim(), 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  const key = colon < 0 ? decoded : decoded.slice(0, colon);
  return key === '' ? undefined : key;
}
