// The code under test. It uses the hosts of the real services and does not know about the sandbox.
const USERS = {
  proficient: 'https://api.proficientai.com/users',
  pagecall: 'https://api.pagecall.com/v1/users',
  conductor: 'https://api.conductor.is/v1/end-users',
};

const TRIES = 3;

/** Deletes a person at all three providers; "not found" counts as deleted. `ids` and `keys` are by provider. */
export async function deletePerson(ids, keys) {
  for (const [provider, users] of Object.entries(USERS)) {
    await remove(`${users}/${encodeURIComponent(ids[provider])}`, keys[provider]);
  }
}

async function remove(url, key) {
  let failure;
  for (let tries = 0; tries < TRIES; tries++) {
    try {
      const answer = await fetch(url, { method: 'DELETE', headers: { authorization: `Bearer ${key}` } });
      const body = await answer.text();
      // An earlier attempt may have deleted the person and lost the response.
      if (answer.ok || answer.status === 404 || /"User not found\."/.test(body)) return;
      failure = new Error(`${answer.status} ${body}`);
      if (answer.status < 500) break;
    } catch (error) {
      failure = error;
    }
  }
  throw new Error(`DELETE ${url} failed`, { cause: failure });
}
