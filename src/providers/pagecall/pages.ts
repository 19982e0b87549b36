// Pagecall pages (the canvas sheets of a room): create many, list.
import { z } from 'zod';
import type { Operation } from '../../core/provider/provider.ts';
import { HEX } from '../../core/random-ids.ts';
import { Entity, operation, Page, pathId, size } from './components.ts';
import { requiredRoom } from './meetings.ts';
import type { PageRow } from './schema.ts';

const DEFAULT_SIZE = { width: 4000, height: 3000 };

const params = z.object({ room_id: pathId });

const CreateRoomsPage = operation({
  operation: 'CreateRoomsPage',
  method: 'POST',
  path: '/rooms/{room_id}/pages/create_many',
  params,
  body: z.array(Page),
  response: z.object({
    pages: z.array(z.object({ id: z.string().optional(), entities: z.array(Entity).optional(), size, index: z.int() })),
  }),
  handle({ sandbox, params, body }) {
    const room = requiredRoom(sandbox, params.room_id);
    return sandbox.db.transaction(() => {
      let last = sandbox.db.get<{ last: number }>(
        'select coalesce(max("index"), -1) as last from pagecall_pages where room_id = ?',
        room.id,
      )?.last as number;
      const pages = body.map((page) => {
        // A page without an index is appended; indexes need not be unique (our choice).
        const index = page.index ?? last + 1;
        last = Math.max(last, index);
        const row = sandbox.db.get<PageRow>(
          'insert into pagecall_pages (id, room_id, entities, size, "index") values (?, ?, ?, ?, ?) returning *',
          sandbox.ids.next('', 24, HEX),
          room.id,
          JSON.stringify(page.entities ?? []),
          JSON.stringify(page.size ?? DEFAULT_SIZE),
          index,
        ) as PageRow;
        return toPage(row);
      });
      return { pages };
    });
  },
});

const listRoomPages = operation({
  operation: 'listRoomPages',
  method: 'GET',
  path: '/rooms/{room_id}/pages',
  params,
  query: z.object({ entity_type: z.string().optional() }),
  response: z.object({
    pages: z.array(
      z.object({
        id: z.string().regex(/^[0-9a-f]{24}$/),
        entities: z.array(Entity),
        size: size.optional(),
        index: z.int().optional(),
      }),
    ),
  }),
  handle({ sandbox, params, query }) {
    const room = requiredRoom(sandbox, params.room_id);
    const pages = sandbox.db
      .all<PageRow>('select * from pagecall_pages where room_id = ? order by "index", seq', room.id)
      .map(toPage);
    const wanted = query.entity_type;
    if (wanted === undefined) return { pages };
    return {
      pages: pages
        .map((page) => ({ ...page, entities: page.entities.filter(({ type }) => type === wanted) }))
        .filter(({ entities }) => entities.length > 0),
    };
  },
});

export const PAGE_OPERATIONS: readonly Operation[] = [CreateRoomsPage, listRoomPages];

function toPage(row: PageRow): {
  id: string;
  entities: z.input<typeof Entity>[];
  size: z.input<typeof size>;
  index: number;
} {
  return { id: row.id, entities: JSON.parse(row.entities), size: JSON.parse(row.size), index: row.index };
}
