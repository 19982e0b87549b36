// Verdicts on the clients of a sandbox, drawn from its journal.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { AttemptedCall, CLIENT_RULES, ClientVerdict } from '../core/journal/client-schemas.ts';
import { judgeClients } from '../core/journal/client-verdicts.ts';
import { type Control, existingSandboxOf, SandboxQuery } from './context.ts';

const Clients = z.object({ verdicts: z.array(ClientVerdict), calls: z.array(AttemptedCall) });

/** Adds `GET /__admin/clients`. */
export function addClients(scope: FastifyInstance, control: Control): void {
  scope.get(
    '/clients',
    {
      schema: {
        summary: 'what the clients of a sandbox did with failures, judged by the requests in its journal',
        description: `The rules: ${Object.entries(CLIENT_RULES)
          .map(([rule, text]) => `\`${rule}\` (${text})`)
          .join(', ')}. A verdict names the requests it is drawn from; calls list attempts and the waits between them.`,
        querystring: SandboxQuery,
        response: { 200: Clients },
      },
    },
    async (request) => judgeClients(existingSandboxOf(control, request).journal.newestFirst().reverse()),
  );
}
