// Model of Proficient's state: users, agents, interactions, messages, and their delete cascades.
import { deepStrictEqual } from 'node:assert';
import type { TestResponse } from '../harness.ts';
import { type Call, expectResponse, type Json, Model } from './model-runner.ts';

export const ADMIN = { authorization: 'Bearer sk_test' };

export class Proficient extends Model {
  readonly provider = 'proficient';
  readonly references = [
    ['agentConfigs', 'agent_id', 'agents', 'id'],
    ['interactions', 'agent_id', 'agents', 'id'],
    ['interactions', 'user_id', 'users', 'id'],
    ['messages', 'interaction_id', 'interactions', 'id'],
    ['messages', 'parent_id', 'messages', 'id'],
  ] as const;
  readonly users = new Map<string, Json>();
  readonly agents = new Map<string, Json>();
  readonly agentConfigs = new Map<string, Json>();
  readonly interactions = new Map<string, Json>();
  readonly messages = new Map<string, Json>();
  readonly rows = {
    users: this.users,
    agents: this.agents,
    agentConfigs: this.agentConfigs,
    interactions: this.interactions,
    messages: this.messages,
  };

  one(resource: keyof Proficient['rows'], prefix: string, n: number): string {
    return this.pick(
      this.rows[resource].keys(),
      n,
      this.gone.filter((id) => id.startsWith(prefix)),
    );
  }

  userOf(externalId: string): Json | undefined {
    return this.all('users').find(({ external_id }) => external_id === externalId);
  }

  addUser(user: Json, { external_id, first_name, live_mode }: Json): Json {
    const row = {
      id: this.fresh(user.id, /^u_[0-9A-Za-z]{24}$/),
      external_id,
      first_name: first_name ?? '',
      last_name: '',
      live_mode: live_mode ?? true,
      created_at: this.now,
      updated_at: this.now,
    };
    this.users.set(row.id, row);
    return row;
  }

  /** Sends a request as a client; the call creates the user if the external id is new. */
  async as(
    externalId: string,
    call: Call,
    method: string,
    path: string,
    json?: Json,
  ): Promise<{ answer: TestResponse; user: Json }> {
    const answer = await call(method, `/proficient${path}`, { headers: client(externalId), json });
    const known = this.userOf(externalId);
    if (known !== undefined) return { answer, user: known };
    const { body } = await call('GET', '/proficient/users', { headers: ADMIN });
    this.saw('a user was created by a client call');
    return { answer, user: this.addUser(body.data[0], { external_id: externalId }) };
  }

  addMessage(message: Json, interaction: Json, parent: Json | null, sent_by: string, content: string): Json {
    const row = {
      id: this.fresh(message.id, /^msg_[0-9A-Za-z]{48}$/),
      interaction_id: interaction.id,
      parent_id: parent?.id ?? null,
      depth: parent === null ? 0 : parent.depth + 1,
      sent_by,
      content,
      created_at: this.now,
    };
    this.messages.set(row.id, row);
    interaction.updated_at = this.now;
    return row;
  }

  /** Applies the delete cascades of users, agents and interactions. */
  dropInteractions(fits: (row: Json) => boolean): void {
    this.drop('interactions', fits);
    if (this.drop('messages', ({ interaction_id }) => !this.interactions.has(interaction_id))) {
      this.saw('messages were deleted with their interaction');
    }
  }

  shownInteraction(row: Json): Json {
    const total = this.all('messages').filter(({ interaction_id }) => interaction_id === row.id).length;
    return { ...row, object: 'interaction', total_message_count: total };
  }

  protected async compareLists(call: Call): Promise<void> {
    const newest = (resource: string) => this.all(resource).reverse();
    const lists = async (path: string) => call('GET', `/proficient${path}`, { headers: ADMIN });
    expectResponse(await lists('/users'), 200, { data: newest('users').map(shownUser) });
    expectResponse(await lists('/agents'), 200, { data: newest('agents').map(shownAgent) });
    for (const { id, external_id } of this.users.values()) {
      const theirs = newest('interactions').filter(({ user_id }) => user_id === id);
      const listed = await this.#allPages(call, external_id, '/interactions?');
      deepStrictEqual(
        listed,
        theirs.map((row) => this.shownInteraction(row)),
      );
      for (const { id } of theirs) {
        const within = this.all('messages').filter(({ interaction_id }) => interaction_id === id);
        const messages = await this.#allPages(call, external_id, `/messages?interaction_id=${id}&`);
        deepStrictEqual(messages, within.map(shownMessage));
      }
    }
  }

  async #allPages(call: Call, externalId: string, path: string): Promise<Json[]> {
    const items: Json[] = [];
    for (;;) {
      const after = items.length === 0 ? '' : `&starting_after=${items.at(-1)?.id}`;
      const page = await call('GET', `/proficient${path}limit=${this.pageSize}${after}`, {
        headers: client(externalId),
      });
      expectResponse(page, 200);
      items.push(...page.body.data);
      if (!page.body.has_more) return items;
      deepStrictEqual(page.body.data.length, this.pageSize);
    }
  }
}

const client = (externalId: string) => ({
  'x-proficient-api-key': 'pk_test',
  'x-proficient-user-external-id': externalId,
});
export const shownUser = (row: Json) => ({ ...row, object: 'user' });
export const shownAgent = (row: Json) => ({ ...row, object: 'agent' });
export const shownMessage = (row: Json) => ({ ...row, object: 'message' });
