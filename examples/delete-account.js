// The app of the examples in this folder: "delete my account" at three providers, with retries.

/**
 * Deletes a person at all providers. Transient failures (no response, a server error) are retried; "not found" counts
 * as deleted. `providers` has the base URL and key of each provider.
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
      const answer = await fetch(url, { method: 'DELETE', headers: { authorization: `Bearer ${key}` } });
      const body = await answer.text();
      // Pagecall responds 400 where others respond 404.
      if (answer.ok || answer.status === 404 || body.includes('User not found.')) return;
      last = new Error(`DELETE ${url} answered ${answer.status}: ${body}`);
      if (answer.status < 500) break;
    } catch (error) {
      last = error;
    }
  }
  throw last;
}

/** The person who exists at all three providers in the built-in fixtures. */
export const alice = {
  proficientId: 'u_Alice0000000000000000042',
  pagecallId: 'user-42',
  conductorId: 'end_usr_alice000000042',
};
