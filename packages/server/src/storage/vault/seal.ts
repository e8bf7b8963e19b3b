import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';
import { AppError } from '../../domain/app-error.ts';

const nonceBytes = 12;
const tagBytes = 16;

/** AES-256-GCM. Layout: nonce (12) ‖ ciphertext ‖ tag (16), which ClickHouse's `tryDecrypt` reads as well. */
export function seal(key: Buffer | KeyObject, plain: Buffer, additional = ''): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  if (additional) cipher.setAAD(Buffer.from(additional, 'utf8'));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** @throws AppError `internal` when the key or the place (`additional`) is another one, or the bytes were changed. */
export function open(key: Buffer | KeyObject, sealed: Buffer, additional = ''): Buffer {
  if (sealed.length < nonceBytes + tagBytes) {
    throw new AppError('internal', `open: a sealed value has at least 28 bytes, got ${sealed.length}`);
  }
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes));
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
