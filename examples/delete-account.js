// The app of the examples beside it: "delete my account" at three providers, which one DELETE each does not settle.

/**
 * Deletes a person everywhere. What passes (no answer, a server error) is tried again; who is gone already is deleted.
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
      const answer = await fetch(url, { method: 'DELETE', headers: { authorization: `Bearer ${key}` } });
      const body = await answer.text();
      // Pagecall says 400 where others say 404.
      if (answer.ok || answer.status === 404 || body.includes('User not found.')) return;
      last = new Error(`DELETE ${url} answered ${answer.status}: ${body}`);
      if (answer.status < 500) break;
    } catch (error) {
      last = error;
    }
  }
  throw last;
}

/** Who is at all three providers in the built-in fixtures. */
export const alice = {
  proficientId: 'u_Alice0000000000000000042',
  pagecallId: 'user-42',
  conductorId: 'end_usr_alice000000042',
};
