// Provider actions: events that the real provider has no API for (`POST /__admin/<provider>/…`), and views (`GET`).
import type { FastifyInstance } from 'fastify';
import { Call } from '../core/http/call.ts';
import { requestDigest } from '../core/journal/request-digest.ts';
import { requestId } from '../core/random-ids.ts';
import { type Control, existingSandboxOf, SandboxQuery, sandboxOf } from './context.ts';

/** Adds one route `/__admin/<provider>/…` for each action of each provider. */
export function addActions(scope: FastifyInstance, control: Control): void {
  for (const provider of control.providers) {
    for (const action of provider.actions ?? []) {
      const url = `/${provider.name}${action.path.replace(/\{(\w+)\}/g, ':$1')}`;
      const { body, query } = action;
      scope.route({
        method: body === null ? 'GET' : 'POST',
        url,
        schema: {
          summary: action.summary,
          params: action.params,
          querystring: query === undefined ? SandboxQuery : query.extend(SandboxQuery.shape),
          ...(body === null ? {} : { body: body.prefault({}) }),
          response: { [action.status]: action.response },
        },
        async handler(request, reply) {
          const id = requestId();
          const sandbox = body === null ? existingSandboxOf(control, request) : sandboxOf(control, request);
          if (sandbox.settings.repeatable) {
            // Without the query, which names the sandbox.
            const target = { method: request.method, url: request.url.split('?', 1)[0] as string };
            sandbox.ids.drawFor(requestDigest(action.name, target, JSON.stringify(request.body)));
          }
          const call = new Call({
            sandbox,
            caller: null,
            params: request.params,
            query: request.query,
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
      });
    }
  }
}
