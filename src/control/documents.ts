// The OpenAPI documents of the providers, as their routes describe them.
import type { FastifyInstance } from 'fastify';
import { type Control, providerNamed } from './context.ts';

/** `GET /__admin/openapi/<provider>.json`. */
export function addDocuments(scope: FastifyInstance, control: Control): void {
  scope.get(
    '/openapi/:file',
    { schema: { summary: 'the OpenAPI document of a provider, `<provider>.json`' } },
    async (request) => {
      const { file } = request.params as { file: string };
      return control.document(providerNamed(control, file.replace(/\.json$/, '')).name);
    },
  );
}
