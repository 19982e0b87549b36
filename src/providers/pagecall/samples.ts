// Sample parameters and bodies of Pagecall's operations that work with the built-in fixtures.
import type { Samples } from '../../core/provider/samples.ts';

const ROOM = '677b9b9087846ea37e513a97';

/** Pagecall's samples. */
export const SAMPLES: Samples = {
  authorize: { ApiKeyAuth: '{apiKey}' },
  parameters: { user_id: 'user-42', id: ROOM, room_id: ROOM, member_id: 'user-42' },
  bodies: {
    createUser: {
      user_id: 'user-77',
      name: 'Bruno Lindqvist',
      default_member_type: 'guest',
      metadata: { level: 'A1' },
    },
    UpdateUser: { name: 'Alice M.' },
    createRoom: { name: 'Portuguese A1', type: 'private', members: [{ user_id: 'user-42', type: 'guest' }] },
    updateRoom: { name: 'French B1, Thursday group' },
    CreateRoomsPage: [{ entities: [{ type: 'Image', src: 'https://cdn.example.com/slides/1.png' }] }],
    CreateMember: { user_id: 'user-17', type: 'guest' },
    UpdateMember: { name: 'Alice', type: 'monitor' },
    join: { user_id: 'user-42' },
    leave: { session_id: '67d06b5c25fd34c8933fcc5d' },
    roomsSendMessage: { message: 'We begin in five minutes.' },
  },
};
