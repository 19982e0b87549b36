// Provider actions: events that the real provider has no API for (`POST /__admin/<provider>/…`).
import type { FastifyInstance } from 'fastify';
import { Call } from '../core/http/call.ts';
import { requestId } from '../core/random-ids.ts';
import { requestDigest } from '../core/request-digest.ts';
import { type Control, SandboxQuery, sandboxOf } from './context.ts';

/** Adds one `POST /__admin/<provider>/…` route for each action of each provider. */
export function addActions(scope: FastifyInstance, control: Control): void {
  for (const provider of control.providers) {
    for (const action of provider.actions ?? []) {
      const url = `/${provider.name}${action.path.replace(/\{(\w+)\}/g, ':$1')}`;
      scope.post(
        url,
        {
          schema: {
            summary: action.summary,
            params: action.params,
            querystring: SandboxQuery,
            body: action.body.prefault({}),
            response: { [action.status]: action.response },
          },
        },
        async (request, reply) => {
          const id = requestId();
          const sandbox = sandboxOf(control, request);
          if (sandbox.settings.repeatable) {
            // Without the query, which names the sandbox.
            const target = { method: request.method, url: request.url.split('?', 1)[0] as string };
            sandbox.ids.drawFor(requestDigest(action.name, target, JSON.stringify(request.body)));
          }
          const call = new Call({
            sandbox,
            caller: null,
            params: request.params,
            query: undefined,
            headers: undefined,
            body: request.body,
            operation: { provider: provider.name, name: action.name },
            requestId: id,
            providerRequestId: null,
            publicBase: `${sandbox.settings.publicUrl ?? `${request.protocol}://${request.headers.host}`}${provider.mount}`,
            checkpointFault: null,
            dryRun: false,
            deletion: {},
            delayMs: 0,
            entry: null,
          });
          reply.code(action.status).header('x-understudy-request', id);
          return action.handle(call);
        },
      );
    }
  }
}
