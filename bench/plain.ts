// A bare node:http server that returns the contract's responses without any data.
import { createServer } from 'node:http';

const [, , port = ''] = process.argv;
const connection = {
  id: 'int_conn_1234567abcdefg',
  objectType: 'integration_connection',
  createdAt: '2024-01-01T12:34:56.789Z',
  integrationSlug: 'quickbooks_desktop',
  lastRequestAt: '2024-01-01T12:34:56.789Z',
  lastSuccessfulRequestAt: '2024-01-01T12:34:56.789Z',
};
const endUser = (id: string, connections: object[]) => ({
  id,
  objectType: 'end_user',
  createdAt: '2024-01-01T12:34:56.789Z',
  companyName: 'Acme Inc.',
  sourceId: '12345678-abcd-abcd-example-1234567890ab',
  email: 'bob@acme.com',
  integrationConnections: connections,
});

function answer(method: string, path: string, body: string): object {
  const id = path.slice('/end-users/'.length);
  if (method === 'DELETE') return { id, objectType: 'end_user', deleted: true };
  if (method === 'POST') return { ...endUser('end_usr_1234567abcdefg', []), ...JSON.parse(body) };
  if (id !== '') return endUser(id, [connection]);
  return { objectType: 'list', url: '/v1/end-users', data: [endUser('end_usr_1234567abcdefg', [connection])] };
}

createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const text = JSON.stringify(
      answer(request.method as string, request.url as string, Buffer.concat(chunks).toString()),
    );
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
    response.end(text);
  });
}).listen(Number(port), '127.0.0.1');
