import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomFillSync } from 'node:crypto';
import { AppError } from '../../domain/app-error.ts';

const nonceBytes = 12;
const tagBytes = 16;

/** AES-256-GCM. Layout: nonce (12) ‖ ciphertext ‖ tag (16), which ClickHouse's `tryDecrypt` reads as well. */
export function seal(key: Buffer | KeyObject, plain: Buffer, additional = ''): Buffer {
  const nonce = nextNonce();
  const cipher = createCipheriv('aes-256-gcm', keyObject(key), nonce);
  if (additional) cipher.setAAD(Buffer.from(additional, 'utf8'));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** @throws AppError `internal` when the key or the place (`additional`) is another one, or the bytes were changed. */
export function open(key: Buffer | KeyObject, sealed: Buffer, additional = ''): Buffer {
  if (sealed.length < nonceBytes + tagBytes) {
    throw new AppError('internal', `open: a sealed value has at least 28 bytes, got ${sealed.length}`);
  }
  const decipher = createDecipheriv('aes-256-gcm', keyObject(key), sealed.subarray(0, nonceBytes));
  if (additional) decipher.setAAD(Buffer.from(additional, 'utf8'));
  decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, sealed.length - tagBytes)), decipher.final()]);
  } catch (cause) {
    throw new AppError('internal', 'open: a sealed value could not be read: wrong key, wrong place or changed bytes', {
      cause,
    });
  }
}

/** Given bytes, Node makes a key object on a way that takes ten times as long as making it here. */
const keyObject = (key: Buffer | KeyObject): KeyObject => (Buffer.isBuffer(key) ? createSecretKey(key) : key);

const noncesPerFill = 512;
const nonces = Buffer.alloc(nonceBytes * noncesPerFill);
let noncesUsed = noncesPerFill;

/** Random bytes are asked for many at a time; each is used once. */
function nextNonce(): Buffer {
  if (noncesUsed === noncesPerFill) {
    randomFillSync(nonces);
    noncesUsed = 0;
  }
  const at = noncesUsed * nonceBytes;
  noncesUsed += 1;
  // A copy: the bytes here are overwritten by the next fill.
  return Buffer.from(nonces.subarray(at, at + nonceBytes));
}
