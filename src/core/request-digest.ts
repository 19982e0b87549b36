// Identifies a request by what it asks for, so that equal requests are equal in any order.
import { createHash } from 'node:crypto';

/** A digest of operation, method, URL and body; headers are left out, since keys and trace ids differ between runs. */
export function requestDigest(
  operation: string | null,
  { method, url }: { readonly method: string; readonly url: string },
  body: Uint8Array | string,
): string {
  const head = JSON.stringify([operation, method, url]);
  return createHash('sha256').update(head).update(body).digest('base64url').slice(0, 22);
}
