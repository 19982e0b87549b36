// The code under test. Its hosts are those of the real services; it does not know about the sandbox.
const USERS = {
  proficient: 'https://api.proficientai.com/users',
  pagecall: 'https://api.pagecall.com/v1/users',
  conductor: 'https://api.conductor.is/v1/end-users',
};

const TRIES = 3;

/** Deletes a person at all three providers; "not found" is success. `ids` and `keys` are by provider. */
export async function deletePerson(ids, keys) {
  for (const [provider, users] of Object.entries(USERS)) {
    await remove(`${users}/${encodeURIComponent(ids[provider])}`, keys[provider]);
  }
}

async function remove(url, key) {
  let failure;
  for (let tries = 0; tries < TRIES; tries++) {
    try {
      const response = await fetch(url, { method: 'DELETE', headers: { authorization: `Bearer ${key}` } });
      const body = await response.text();
      // An earlier attempt may have deleted the person and lost its response.
      if (response.ok || response.status === 404 || /"User not found\."/.test(body)) return;
      failure = new Error(`${response.status} ${body}`);
      if (response.status < 500) break;
    } catch (error) {
      failure = error;
    }
  }
  throw new Error(`DELETE ${url} failed`, { cause: failure });
}
