// Model of Conductor's state: end-users, connections, auth sessions, records, and their delete cascades.
import { type Call, expectResponse, type Json, Model } from './model-runner.ts';

export const KEY = { authorization: 'Bearer sk_conductor_test' };

export class Conductor extends Model {
  readonly provider = 'conductor';
  readonly references = [
    ['integrationConnections', 'endUserId', 'endUsers', 'id'],
    ['authSessions', 'endUserId', 'endUsers', 'id'],
    ['passthroughRecords', 'endUserId', 'endUsers', 'id'],
  ] as const;
  readonly endUsers = new Map<string, Json>();
  readonly integrationConnections = new Map<string, Json>();
  readonly authSessions = new Map<string, Json>();
  readonly passthroughRecords = new Map<string, Json>();
  readonly rows = {
    endUsers: this.endUsers,
    integrationConnections: this.integrationConnections,
    authSessions: this.authSessions,
    passthroughRecords: this.passthroughRecords,
  };
  readonly goneUsers: string[] = [];

  endUser(n: number): string {
    return this.pick(this.endUsers.keys(), n, this.goneUsers);
  }

  connectionOf(endUserId: string): Json | undefined {
    return this.all('integrationConnections').find((row) => row.endUserId === endUserId);
  }

  shown(endUser: Json): Json {
    const connections = this.all('integrationConnections').filter((row) => row.endUserId === endUser.id);
    return {
      ...endUser,
      objectType: 'end_user',
      integrationConnections: connections.map(({ endUserId: _, ...row }) => ({
        ...row,
        objectType: 'integration_connection',
      })),
    };
  }

  /** Adds the end-user's connection; its id is taken from the API. */
  async begin(endUserId: string, call: Call): Promise<Json> {
    const known = this.connectionOf(endUserId);
    if (known !== undefined) return known;
    const { body } = await call('GET', `/conductor/v1/end-users/${endUserId}`, { headers: KEY });
    const id = this.fresh(body.integrationConnections[0].id, /^int_conn_[0-9a-z]{14}$/);
    const row = {
      id,
      endUserId,
      createdAt: this.iso,
      integrationSlug: 'quickbooks_desktop',
      lastRequestAt: null,
      lastSuccessfulRequestAt: null,
    };
    this.integrationConnections.set(id, row);
    return row;
  }

  /** A QuickBooks request: returns the expected status and updates the request times. */
  request(endUserId: string): { status: 200 | 404 | 409; connection: Json | undefined } {
    if (!this.endUsers.has(endUserId)) return { status: 404, connection: undefined };
    const connection = this.connectionOf(endUserId);
    if (connection !== undefined) connection.lastRequestAt = this.iso;
    return { status: connection?.lastSuccessfulRequestAt ? 200 : 409, connection };
  }

  protected async compareLists(call: Call): Promise<void> {
    const data = this.all('endUsers').reverse();
    expectResponse(await call('GET', '/conductor/v1/end-users', { headers: KEY }), 200, {
      objectType: 'list',
      url: '/v1/end-users',
      data: data.map((row) => this.shown(row)),
    });
  }
}
