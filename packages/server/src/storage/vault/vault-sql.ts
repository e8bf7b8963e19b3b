import { callingCodes } from './calling-codes.ts';

/**
 * The vault's hashes as ClickHouse expressions, for imports that never leave the engine. Keys arrive as query parameters
 * (`surrogateKey`, `messageKey`, `recordKey`, hex, from `WorkspaceVault.engineKeys()`), never in the text.
 * A test holds these and the functions in `surrogate.ts` and `normalise-*.ts` together.
 */
export function surrogateSql(kindExpression: string, normalisedExpression: string): string {
  const digest = hmacSql('surrogateKey', kindExpression, normalisedExpression);
  return `greatest(bitAnd(reinterpretAsUInt64(reverse(substring(${digest}, 1, 8))), toUInt64(9223372036854775807)), toUInt64(1))`;
}

/** Gives text in the shape of a UUID. */
export function messageKeySql(sourceIdExpression: string, messageIdExpression: string): string {
  const digest = hmacSql('messageKey', `toString(${sourceIdExpression})`, messageIdExpression);
  return `UUIDNumToString(toFixedString(substring(${digest}, 1, 16), 16))`;
}

/** The record sealed into `quarantine.raw_sealed` (base64 of nonce ‖ ciphertext ‖ tag), back in clear; NULL when it cannot be read. */
export function openRecordSql(column: string): string {
  const bytes = `tryBase64Decode(${column})`;
  return `tryDecrypt('aes-256-gcm', substring(${bytes}, 13), unhex({recordKey:String}), substring(${bytes}, 1, 12))`;
}

/** `seed` must be different for each row (say, its row number): equal nonces under one key would give the text away. */
export function sealRecordSql(recordExpression: string, seed: string): string {
  const nonce = `substring(unhex(hex(generateUUIDv4(${seed}))), 1, 12)`;
  return `(arrayMap(n -> base64Encode(concat(n, encrypt('aes-256-gcm', ${recordExpression}, unhex({recordKey:String}), n))), [${nonce}]))[1]`;
}

export function trimmedSql(expression: string): string {
  return `replaceRegexpAll(${expression}, '^[\\\\s\\\\p{Z}\\\\x{FEFF}\\\\x0B]+|[\\\\s\\\\p{Z}\\\\x{FEFF}\\\\x0B]+$', '')`;
}

export function normalisedEmailSql(expression: string): string {
  return `lowerUTF8(${trimmedSql(`normalizeUTF8NFKC(${expression})`)})`;
}

export function normalisedPhoneSql(expression: string, country: string): string {
  const code = callingCodes[country] ?? callingCodes.CN!;
  const carries = { '86': '^861[3-9][0-9]{9}$', '1': '^1[2-9][0-9]{9}$' }[code];
  const text = trimmedSql(`normalizeUTF8NFKC(${expression})`);
  const digits = `replaceRegexpAll(${text}, '[^0-9]', '')`;
  return `multiIf(
    length(${digits}) < 5, ${text},
    startsWith(${text}, '+') OR startsWith(${text}, '(+'), concat('+', ${digits}),
    startsWith(${digits}, '00'), concat('+', substring(${digits}, 3)),
    ${carries ? `match(${digits}, '${carries}'), concat('+', ${digits}),` : ''}
    concat('+${code}', if(startsWith(${digits}, '0'), substring(${digits}, 2), ${digits})))`;
}

/** HMAC-SHA-256 (RFC 2104) out of plain hashes: the engine's own HMAC prepares its key anew for each row, which takes six times as long. */
function hmacSql(key: string, first: string, second: string): string {
  const padded = (byte: string) =>
    `bitXor(toFixedString(unhex({${key}:String}), 64), toFixedString(unhex(repeat('${byte}', 64)), 64))`;
  return `SHA256(concat(${padded('5c')}, SHA256(concat(${padded('36')}, ${first}, '\\0', ${second}))))`;
}
