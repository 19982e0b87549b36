// Mounts the control plane, the sandbox's own API, under /__admin; its errors are application/problem+json.
import { isUtf8 } from 'node:buffer';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { parse } from 'secure-json-parse';
import { splitsSurrogatePairs } from '../core/http/input.ts';
import { drainBody, inflateBodies, UNSUPPORTED_ENCODING } from '../core/http/request-body.ts';
import { sendProblem } from '../core/http/send-problem.ts';
import { nestedDeeper } from '../core/json-text.ts';
import { Problem } from '../core/problem.ts';
import { isOutOfDescriptors, outOfDescriptors } from '../core/storage/descriptors.ts';
import { addActions } from './actions.ts';
import { isOnAdminPort } from './admin-port.ts';
import { addBarriers } from './barriers.ts';
import { addCa } from './ca.ts';
import { addClients } from './clients.ts';
import { addClock } from './clock.ts';
import type { Control } from './context.ts';
import { addDeletions } from './deletions.ts';
import { addDocs } from './docs.ts';
import { addDocuments, describeRoutes } from './documents.ts';
import { addErasure } from './erasure.ts';
import { addErrors } from './errors.ts';
import { addEvents } from './events.ts';
import { addFaults } from './faults.ts';
import { guard } from './guard.ts';
import { addHealth } from './health.ts';
import { validatorCompiler } from './input-problem.ts';
import { addMetrics } from './metrics.ts';
import { addRequests } from './requests.ts';
import { addReset } from './reset.ts';
import { addResources } from './resources.ts';
import { addRetryTests } from './retry-tests.ts';
import { addSandboxes } from './sandboxes.ts';
import { addSnapshots } from './snapshots.ts';
import { addState } from './state.ts';
import { addUi } from './ui.ts';
import { addWebhooks } from './webhooks.ts';

/** The path prefix of the control plane. */
export const ADMIN = '/__admin';

/** Maximum nesting depth of a JSON body. */
const MAX_NESTING = 500;

declare module 'fastify' {
  interface FastifyInstance {
    /** The control plane's routes, for the generated documentation. */
    controlRoutes: { method: string; url: string; summary: string; description?: string }[];
  }
}

/** Mounts the control plane on `app`. */
export function mountControl(app: FastifyInstance, control: Control): void {
  const routes: FastifyInstance['controlRoutes'] = [];
  app.decorate('controlRoutes', routes);
  app.register(
    async (scope) => {
      const checkAccess = guard(control.guard);
      scope.addHook('onRequest', (request, reply, done) => {
        if (control.adminPortOnly && !isOnAdminPort(request.raw)) return done(onAdminPortOnly());
        try {
          checkAccess(request);
          // Unknown routes are rejected before their body is read.
          if (request.is404) sendUnknownRoute(request, reply);
          else done();
        } catch (error) {
          done(error as Problem);
        }
      });
      describeRoutes(scope, control);
      scope.addHook('onRoute', ({ method, url, schema }) => {
        const { hide, summary, description } = schema as { hide?: boolean; summary: string; description?: string };
        // The files of the pages are not part of the API.
        if (!hide)
          routes.push({ method: String(method), url, summary, ...(description === undefined ? {} : { description }) });
      });
      scope.setValidatorCompiler(validatorCompiler);
      scope.setSerializerCompiler(() => JSON.stringify);
      inflateBodies(scope);
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
        try {
          done(null, readJson(body as Buffer));
        } catch (error) {
          done(new Problem(400, 'invalid-json', `The body is not JSON: ${(error as Error).message}.`));
        }
      });
      scope.setErrorHandler((error: FastifyError | Problem, request, reply) => {
        drainBody(request, reply);
        return sendProblem(
          reply,
          toProblem(error, request.routeOptions.bodyLimit, (cause) =>
            request.log.error({ err: cause }, 'a control route failed'),
          ),
        );
      });
      scope.setNotFoundHandler(sendUnknownRoute);
      const parts = [
        addHealth,
        addCa,
        addSandboxes,
        addReset,
        addSnapshots,
        addRequests,
        addClients,
        addFaults,
        addRetryTests,
        addBarriers,
        addDeletions,
        addErasure,
        addState,
        addResources,
        addClock,
        addWebhooks,
        addErrors,
        addEvents,
        addMetrics,
        addDocuments,
        addDocs,
        addUi,
        addActions,
      ];
      for (const add of parts) add(scope, control);
    },
    { prefix: ADMIN },
  );
  app.get('/', (request, reply) =>
    control.adminPortOnly && !isOnAdminPort(request.raw) ? reply.callNotFound() : reply.redirect(`${ADMIN}/ui`),
  );
}

/** Parses a body; undefined when it is empty. Throws an Error whose message completes "The body is not JSON: …". */
function readJson(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  if (!isUtf8(body)) throw new Error('it is not UTF-8');
  const text = body.toString();
  if (nestedDeeper(text, MAX_NESTING)) throw new Error(`it nests deeper than ${MAX_NESTING}`);
  const value = parse(text, undefined, { protoAction: 'error', constructorAction: 'error' });
  if (splitsSurrogatePairs(text, value)) throw new Error('it escapes half of a surrogate pair');
  return value;
}

function sendUnknownRoute({ method, url }: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendProblem(reply, new Problem(404, 'not-found', `The control plane has no ${method} ${url}.`));
}

function onAdminPortOnly(): Problem {
  return new Problem(404, 'not-found', 'The control plane is served on the port given with --admin-port.');
}

function toProblem(error: FastifyError | Problem, bodyLimit: number, log: (cause: unknown) => void): Problem {
  if (error instanceof Problem) return error;
  if (isOutOfDescriptors(error)) return outOfDescriptors();
  const status = error.statusCode ?? 500;
  if (error.code === UNSUPPORTED_ENCODING) return new Problem(415, 'content-encoding', error.message);
  if (status === 415)
    return new Problem(415, 'media-type', 'The control plane accepts bodies of type application/json only.');
  if (status === 413) return new Problem(413, 'too-large', `The body is larger than ${bodyLimit / 1024 / 1024} MiB.`);
  if (status < 500) return new Problem(status, 'bad-request', error.message);
  log(error);
  return new Problem(500, 'crash', 'An internal error occurred in Understudy; its log has the details.');
}
