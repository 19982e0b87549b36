// The control plane: the sandbox's own API under /__admin, in problem+json where it refuses.
import type { FastifyError, FastifyInstance } from 'fastify';
import type { z } from 'zod';
import { pathText } from '../core/input.ts';
import { Problem } from '../core/problem.ts';
import { refuse } from '../core/refuse.ts';
import { addActions } from './actions.ts';
import type { Control } from './context.ts';
import { addDeletions } from './deletions.ts';
import { addDocuments } from './documents.ts';
import { addErasure } from './erasure.ts';
import { addHealth } from './health.ts';
import { addReset } from './reset.ts';
import { addState } from './state.ts';

export const ADMIN = '/__admin';

declare module 'fastify' {
  interface FastifyInstance {
    /** The control plane's routes, for the documents that list them. */
    controlRoutes: { method: string; url: string; summary: string }[];
  }
}

/** Mounts the control plane on `app`. */
export function mountControl(app: FastifyInstance, control: Control): void {
  const routes: FastifyInstance['controlRoutes'] = [];
  app.decorate('controlRoutes', routes);
  app.register(
    async (scope) => {
      scope.addHook('onRoute', ({ method, url, schema }) => {
        routes.push({ method: String(method), url, summary: (schema as { summary: string }).summary });
      });
      scope.setValidatorCompiler<z.ZodType>(({ schema }) => (data) => {
        // Fastify hands an absent body over as null.
        const result = schema.safeParse(data ?? undefined);
        return result.success ? { value: result.data } : { error: invalid(result.error.issues) };
      });
      scope.setSerializerCompiler(() => JSON.stringify);
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
        if (body === '') return done(null, undefined);
        try {
          done(null, JSON.parse(body as string));
        } catch (error) {
          done(new Problem(400, 'invalid-json', 'Invalid JSON', `The body is not JSON: ${(error as Error).message}.`));
        }
      });
      scope.setErrorHandler((error: FastifyError | Problem, request, reply) =>
        refuse(
          reply,
          toProblem(error, (cause) => request.log.error({ err: cause }, 'a control route failed')),
        ),
      );
      scope.setNotFoundHandler((request, reply) =>
        refuse(
          reply,
          new Problem(404, 'not-found', 'Not found', `The control plane has no ${request.method} ${request.url}.`),
        ),
      );
      for (const add of [addHealth, addReset, addState, addDeletions, addErasure, addDocuments, addActions])
        add(scope, control);
    },
    { prefix: ADMIN },
  );
}

function invalid(issues: readonly z.core.$ZodIssue[]): Problem {
  const errors = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ path: pathText([...issue.path, key]), message: 'unknown field' }))
      : [{ path: pathText(issue.path), message: issue.message }],
  );
  const [first] = errors;
  return new Problem(400, 'invalid-input', 'Invalid input', `${first?.path || 'The body'}: ${first?.message}.`, {
    errors,
  });
}

function toProblem(error: FastifyError | Problem, log: (cause: unknown) => void): Problem {
  if (error instanceof Problem) return error;
  const status = error.statusCode ?? 500;
  if (status === 415)
    return new Problem(
      415,
      'media-type',
      'Unsupported media type',
      'The control plane takes bodies as application/json.',
    );
  if (status === 413) return new Problem(413, 'too-large', 'Body too large', 'The body is over 1 MiB.');
  log(error);
  return new Problem(500, 'crash', 'Understudy failed', 'Something in Understudy itself broke; its log says what.');
}
