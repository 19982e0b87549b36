// Pagecall messages: sends a text to all open sessions of a room.
import { z } from 'zod';
import type { Operation } from '../../core/provider/provider.ts';
import { operation, pathId } from './components.ts';
import { openSessions, requiredRoom } from './meetings.ts';

const roomsSendMessage = operation({
  operation: 'roomsSendMessage',
  method: 'POST',
  path: '/rooms/{room_id}/message',
  params: z.object({ room_id: pathId }),
  body: z.object({ message: z.string() }),
  response: z.object({ message: z.string() }),
  handle(call) {
    const { sandbox, params, body } = call;
    // The room may be empty or terminated (our choice).
    requiredRoom(sandbox, params.room_id);
    call.note({ message: body.message, sessions: openSessions(sandbox, params.room_id).map(({ id }) => id) });
    return { message: body.message };
  },
});

export const MESSAGE_OPERATIONS: readonly Operation[] = [roomsSendMessage];
