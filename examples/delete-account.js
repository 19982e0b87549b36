// The app under test in the examples: it deletes an account at three providers and retries what fails.

/**
 * Deletes a person everywhere. Transient failures (no response, a server error) are retried; "not found" is success.
 * `providers` says where each provider is and the key for it.
 */
export async function deleteAccount({ proficient, pagecall, conductor }, person, fetch = globalThis.fetch) {
  await remove(fetch, `${proficient.baseUrl}/users/${person.proficientId}`, proficient.secretKey);
  await remove(fetch, `${pagecall.baseUrl}/users/${person.pagecallId}`, pagecall.apiKey);
  await remove(fetch, `${conductor.baseUrl}/end-users/${person.conductorId}`, conductor.secretKey);
}

async function remove(fetch, url, key, attempts = 3) {
  let last;
  for (let attempt = 0; attempt < attempts; attempt++) {
    try {
      const response = await fetch(url, { method: 'DELETE', headers: { authorization: `Bearer ${key}` } });
      const body = await response.text();
      // Pagecall returns 400 where the others return 404.
      if (response.ok || response.status === 404 || body.includes('User not found.')) return;
      last = new Error(`DELETE ${url} returned ${response.status}: ${body}`);
      if (response.status < 500) break;
    } catch (error) {
      last = error;
    }
  }
  throw last;
}

/** The user at all three providers in the built-in fixtures. */
export const alice = {
  proficientId: 'u_Alice0000000000000000042',
  pagecallId: 'user-42',
  conductorId: 'end_usr_alice000000042',
};
