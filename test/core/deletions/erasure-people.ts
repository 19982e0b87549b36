// Random people with rows at all providers, and an oracle that knows each row's owner from its creation.
import { deepStrictEqual, strictEqual } from 'node:assert';
import fc from 'fast-check';
import type { RequestOptions, TestResponse, TestServer } from '../../harness.ts';
import { LOOKALIKES, MENTIONS, PEOPLE, type Person } from './erasure-mentions.ts';
import { type Checked, carryOut, KEYS } from './residues.ts';

type Json = Record<string, any>;

const PROVIDERS = ['proficient', 'pagecall', 'conductor'];

const AGENT = {
  id: 'ag_1',
  active: true,
  name: 'A',
  description: '',
  display_name: 'A',
  display_description: '',
  created_at: 1,
  updated_at: 1,
};
const CONFIG = { agent_id: 'ag_1', model: 'openai.gpt-4' };

/** A step: who does or suffers it, and numbers that say which room, text and so on. */
export const step = fc.record({
  kind: fc.constantFrom(
    ...['enrol', 'enrol', 'enrol', 'chat', 'chat', 'join', 'join', 'authorise', 'connect', 'mention', 'mention'],
    ...['lookalike', 'erase', 'erase', 'erase', 'rehearse', 'goes', 'goes', 'closeRoom', 'leaveChat', 'fork'],
  ),
  who: fc.nat(PEOPLE.length - 1),
  other: fc.nat(PEOPLE.length - 1),
  n: fc.nat(35),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

const key = (provider: string, resource: string, row: Json) =>
  `${provider}.${resource}.${resource === 'users' && provider === 'pagecall' ? row.user_id : (row.id ?? row.agent_id)}`;

/** A sandbox with these people in it. */
export class People {
  readonly #call: TestServer['call'];
  #sandbox: string;
  readonly #sandboxes: string[];
  /** Whose a row is: known since it came. */
  readonly #owner = new Map<string, number>();
  /** Whom a row speaks of. */
  readonly #speaksOf = new Map<string, number>();
  /** All that a person goes by. */
  readonly #names = PEOPLE.map(({ external, email }): Set<string> => new Set([external, email]));

  constructor(call: TestServer['call'], sandbox: string) {
    this.#call = call;
    this.#sandbox = sandbox;
    this.#sandboxes = [sandbox];
  }

  /** Everybody has an end-user at Conductor once: that ties the address to the external id. */
  async open(): Promise<void> {
    const json = { name: this.#sandbox, from: 'empty' };
    strictEqual((await this.#call('POST', '/__admin/sandboxes', { json })).status, 201);
    await this.#as(null, 'POST', '/__admin/state', {
      json: { proficient: { agents: [AGENT], agentConfigs: [CONFIG] } },
    });
    for (const who of PEOPLE.keys()) await this.#enrol(who, 'conductor');
  }

  /** Ends the sandboxes. */
  async close(): Promise<void> {
    for (const name of this.#sandboxes) await this.#call('DELETE', `/__admin/sandboxes/${name}`);
  }

  async take({ kind, who, other, n }: Step): Promise<void> {
    const provider = PROVIDERS[n % 3] as string;
    const texts = kind === 'lookalike' ? LOOKALIKES : MENTIONS;
    const text = (texts[n % texts.length] as (person: Person) => string)(PEOPLE[who] as Person);
    const about = kind === 'lookalike' ? null : who;
    if (kind === 'enrol') await this.#enrol(who, provider);
    else if (kind === 'chat') await this.#chat(who, 'hello', null);
    else if (kind === 'join') await this.#join(who, n);
    else if (kind === 'authorise') await this.#authorise(who, 'https://app.test/', null);
    else if (kind === 'connect') await this.#connect(who);
    else if (kind === 'erase') await this.#erase(who, provider, {});
    else if (kind === 'goes') for (const one of PROVIDERS) await this.#erase(who, one, {});
    else if (kind === 'rehearse') await this.#erase(who, provider, { prefer: 'dry-run' });
    else if (kind === 'closeRoom') await this.#closeRoom(n);
    else if (kind === 'leaveChat') await this.#leaveChat(who);
    else if (kind === 'fork') await this.#fork();
    else if (n % 3 === 0) await this.#chat(other, text, about);
    else if (n % 3 === 1)
      await this.#authorise(
        other,
        `https://app.test/?of=${PEOPLE[who]?.external}${about === null ? '-2' : '&x'}`,
        about,
      );
    else await this.#room(text, about);
  }

  /** The check says clean, by every name of everybody, exactly when the oracle finds nothing; and its plan is right. */
  async judge(planFor: number): Promise<{ clean: number; left: number }> {
    const verdicts = { clean: 0, left: 0 };
    for (const who of PEOPLE.keys()) {
      const left = await this.#left(who);
      verdicts[left.length === 0 ? 'clean' : 'left'] += 1;
      for (const name of this.#names[who] as Set<string>) {
        const { clean, residues, truncated } = await this.#check(name.toUpperCase());
        strictEqual(clean, left.length === 0, `${name}: ${JSON.stringify(left)} against ${JSON.stringify(residues)}`);
        strictEqual(truncated, undefined);
        const rows = new Set(residues.map(({ provider, resource, id }) => `${provider}.${resource}.${id}`));
        deepStrictEqual([...rows].sort(), left, `${name}: every row, and no row of anybody else`);
      }
    }
    await this.#followPlan(planFor);
    return verdicts;
  }

  /** Carries out what a check advises: all that can go goes, in as few calls as there can be, and nothing else. */
  async #followPlan(who: number): Promise<void> {
    const before = await this.#rows();
    const ownerOf = (row: string) => this.#ownerOf(row, before.get(row) as Json);
    const mine = (row: string) => ownerOf(row) === who;
    const spoken = [...before.keys()].filter((row) => this.#speaksOf.get(row) === who && !mine(row));
    const erasable = spoken.filter((row) => row.startsWith('pagecall.rooms.') && this.#isAlone(before, row, who));
    const accounts = [...before.keys()].filter((row) => mine(row) && /\.(users|endUsers)\./.test(row));
    const { plan, unerasable } = await this.#check((PEOPLE[who] as Person).email);
    strictEqual(plan.length, accounts.length + erasable.length, plan.join());
    const stuck = spoken.filter((row) => !erasable.includes(row)).sort();
    deepStrictEqual(unerasable.map(({ provider, resource, id }) => `${provider}.${resource}.${id}`).sort(), stuck);
    for (const planned of plan) strictEqual((await carryOut(this.#call, planned, this.#sandbox)).status, 200, planned);
    const after = await this.#rows();
    for (const row of before.keys()) {
      if (after.has(row) || mine(row) || erasable.includes(row)) continue;
      strictEqual(ownerOf(row), undefined, `${row} went along`);
    }
    deepStrictEqual(await this.#left(who), stuck);
    const check = await this.#check((PEOPLE[who] as Person).external);
    deepStrictEqual([check.clean, check.plan], [stuck.length === 0, []]);
  }

  /** Whether no other person has a row in a room. */
  #isAlone(rows: ReadonlyMap<string, Json>, room: string, who: number): boolean {
    const id = room.slice('pagecall.rooms.'.length);
    const inside = [...rows].filter(([, row]) => row.room_id === id);
    return inside.every(([name, row]) => [who, undefined].includes(this.#ownerOf(name, row)));
  }

  /** Whose a row is. A session without its user is history that leads to no one. */
  #ownerOf(name: string, row: Json): number | undefined {
    const history = name.startsWith('pagecall.sessions.') && row.user_id === null;
    return history ? undefined : this.#owner.get(name);
  }

  /** The oracle: every row there is, and whether this person made it or it speaks of them. */
  async #left(who: number): Promise<string[]> {
    return [...(await this.#rows())]
      .filter(([name, row]) => this.#ownerOf(name, row) === who || this.#speaksOf.get(name) === who)
      .map(([name]) => name)
      .sort();
  }

  async #rows(): Promise<Map<string, Json>> {
    const { body } = await this.#call('GET', `/__admin/state?sandbox=${this.#sandbox}`);
    const rows = Object.entries(body as Json).flatMap(([provider, resources]) =>
      Object.entries(resources as Json).flatMap(([resource, list]) =>
        Array.isArray(list) ? list.map((row: Json): [string, Json] => [key(provider, resource, row), row]) : [],
      ),
    );
    return new Map(rows);
  }

  async #check(subject: string): Promise<Checked> {
    const json = { subjects: [subject] };
    return (await this.#call('POST', `/__admin/erasure-checks?sandbox=${this.#sandbox}`, { json })).body;
  }

  /** Makes a call; what comes into being by it is `owner`'s, and speaks of `about` where it has their name. */
  async #as(
    owner: number | null,
    method: string,
    url: string,
    request: RequestOptions = {},
    about: number | null = null,
  ): Promise<TestResponse> {
    const before = await this.#rows();
    const keys = request.headers?.['x-proficient-api-key'] === undefined ? KEYS[url.split('/')[1] as string] : {};
    const headers = { ...keys, 'x-understudy-sandbox': this.#sandbox, ...request.headers };
    const response = await this.#call(method, url, { ...request, headers });
    for (const [name, row] of await this.#rows()) {
      if (before.has(name)) continue;
      if (owner !== null) this.#owner.set(name, owner);
      if (owner !== null && /\.(users|endUsers)\./.test(name)) this.#names[owner]?.add(row.id);
      if (about !== null && /\.(rooms|messages|authSessions)\./.test(name)) this.#speaksOf.set(name, about);
    }
    return response;
  }

  async #enrol(who: number, provider: string): Promise<void> {
    const { external, email } = PEOPLE[who] as Person;
    const [url, json] = {
      proficient: ['/proficient/users', { external_id: external }],
      pagecall: ['/pagecall/v1/users', { user_id: external, name: `P${who}` }],
      conductor: ['/conductor/v1/end-users', { companyName: `C${who}`, sourceId: external.toUpperCase(), email }],
    }[provider] as [string, Json];
    await this.#as(who, 'POST', url, { json });
  }

  async #chat(who: number, content: string, about: number | null): Promise<void> {
    const headers = {
      'x-proficient-api-key': 'pk_test_understudy',
      'x-proficient-user-external-id': PEOPLE[who]?.external as string,
    };
    const json = { agent_id: AGENT.id };
    const { body } = await this.#as(who, 'POST', '/proficient/interactions', { headers, json });
    const said = { interaction_id: body.interaction.id, content };
    await this.#as(who, 'POST', '/proficient/messages', { headers, json: said }, about);
  }

  async #leaveChat(who: number): Promise<void> {
    const [name] = [...(await this.#rows()).keys()].filter(
      (row) => row.startsWith('proficient.interactions.') && this.#owner.get(row) === who,
    );
    if (name !== undefined)
      await carryOut(this.#call, `DELETE /proficient/interactions/${name.split('.')[2]}`, this.#sandbox);
  }

  async #rooms(): Promise<string[]> {
    const names = [...(await this.#rows()).keys()].filter((row) => row.startsWith('pagecall.rooms.'));
    return names.map((name) => name.slice('pagecall.rooms.'.length));
  }

  async #room(name: string, about: number | null): Promise<void> {
    await this.#as(null, 'POST', '/pagecall/v1/rooms', { json: { type: 'open', name } }, about);
  }

  async #join(who: number, n: number): Promise<void> {
    if ((await this.#rooms()).length === 0) await this.#room('Room', null);
    const rooms = await this.#rooms();
    const url = `/__admin/pagecall/rooms/${rooms[n % rooms.length]}/join`;
    await this.#as(who, 'POST', url, { json: { user_id: PEOPLE[who]?.external } });
  }

  async #closeRoom(n: number): Promise<void> {
    const rooms = await this.#rooms();
    if (rooms.length > 0) await this.#as(null, 'DELETE', `/pagecall/v1/rooms/${rooms[n % rooms.length]}`);
  }

  async #endUser(who: number): Promise<string | undefined> {
    const names = [...(await this.#rows()).keys()].filter((row) => row.startsWith('conductor.endUsers.'));
    return names.find((name) => this.#owner.get(name) === who)?.slice('conductor.endUsers.'.length);
  }

  async #authorise(who: number, redirectUrl: string, about: number | null): Promise<void> {
    const endUserId = await this.#endUser(who);
    const json = { endUserId, publishableKey: 'pk_conductor_test', redirectUrl };
    if (endUserId !== undefined) await this.#as(who, 'POST', '/conductor/v1/auth-sessions', { json }, about);
  }

  async #connect(who: number): Promise<void> {
    const id = await this.#endUser(who);
    if (id !== undefined) await this.#as(who, 'POST', `/__admin/conductor/end-users/${id}/connect`, { json: {} });
  }

  async #erase(who: number, provider: string, headers: Record<string, string>): Promise<void> {
    const account = [...(await this.#rows())].find(
      ([name]) => this.#owner.get(name) === who && new RegExp(`^${provider}\\.(users|endUsers)\\.`).test(name),
    );
    if (account === undefined) return;
    const path = {
      proficient: '/proficient/users/',
      pagecall: '/pagecall/v1/users/',
      conductor: '/conductor/v1/end-users/',
    };
    const id = provider === 'pagecall' ? account[1].user_id : account[1].id;
    const url = path[provider as keyof typeof path] + encodeURIComponent(id);
    strictEqual((await this.#as(null, 'DELETE', url, { headers })).status, 200);
  }

  /** Goes on in a copy: whatever was remembered is remembered there. */
  async #fork(): Promise<void> {
    const json = { name: `${this.#sandboxes[0]}-${this.#sandboxes.length}`, from: { sandbox: this.#sandbox } };
    strictEqual((await this.#call('POST', '/__admin/sandboxes', { json })).status, 201);
    this.#sandbox = json.name;
    this.#sandboxes.push(json.name);
  }
}
