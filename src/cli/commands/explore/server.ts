// The server that `understudy explore` uses: the one of --url, or one of its own on a free port.
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { readContracts } from '../../../library/contracts.ts';
import { ControlPlane } from '../../../library/control-plane.ts';
import { buildServer } from '../../../server.ts';
import type { Config } from '../../settings.ts';
import { cannotStart } from '../../start-failures.ts';
import { stop } from '../../stop.ts';

/** More than the requests of one run. */
const JOURNAL_SIZE = 100_000;

/** A server and its end. */
export interface ExploringServer {
  readonly control: ControlPlane;
  close(): Promise<void>;
}

/** Opens the server. @throws StartError when its fixtures or documents cannot be used */
export async function openServer({
  url,
  'admin-token': token,
  fixtures,
  contract,
}: Pick<Config, 'admin-token' | 'fixtures' | 'contract'> & { readonly url: string | null }): Promise<ExploringServer> {
  if (url !== null) return { control: new ControlPlane({ origin: url, token }), close: async () => {} };
  try {
    const contracts = await readContracts(contract);
    const logger = pino({ level: 'silent' });
    const app = buildServer({ fixtures, contracts, logger, journalSize: JOURNAL_SIZE });
    await app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = app.server.address() as AddressInfo;
    return { control: new ControlPlane({ origin: `http://127.0.0.1:${port}` }), close: () => stop(app) };
  } catch (error) {
    throw cannotStart(error as Error);
  }
}
