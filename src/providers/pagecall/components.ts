// Pagecall's request and response objects, under their names in the contract.
import { z } from 'zod';
import { defineOperation } from '../../core/provider/provider.ts';

/**
 * Defines an operation. The caller is null: every key belongs to the same workspace. Each declares the same errors and
 * requires no body (documented).
 */
export const operation = defineOperation<null>({ declared: [400, 500], bodyRequired: false });

/** An id in a path: any text of up to 512 UTF-16 code units (our choice), compared exactly. */
export const pathId = z.string().refine((id) => id.length <= 512);

const hex = z.string().regex(/^[0-9a-f]{24}$/);
const time = z.iso.datetime();
const open = z.record(z.string(), z.unknown());

export const MemberType = z.enum(['guest', 'host', 'monitor']);
export const RoomType = z.enum(['open', 'public', 'private']);
export const EntityType = z.enum(['Image']);

export const Paging = z.object({ limit: z.number(), offset: z.number(), total: z.number() });

export const User = z.object({
  user_id: z.string(),
  name: z.string().optional(),
  profile_url: z.string().optional(),
  default_member_type: MemberType,
  access_token: z.string(),
  created_at: time,
  updated_at: time,
  id: hex,
  application_id: hex,
  organization_id: hex,
  metadata: open,
});

export const CreateUserRequest = z.object({
  user_id: z.string().refine((id) => id.length >= 1 && id.length <= 512, 'must have 1 to 512 characters'),
  name: z.string().optional(),
  profile_url: z.string().optional(),
  default_member_type: MemberType.optional(),
  metadata: open.optional(),
});

export const UpdateUserRequest = z.object({
  name: z.string().optional(),
  profile_url: z.string().optional(),
  default_member_type: MemberType.optional(),
});

export const Room = z.object({
  id: z.string(),
  application_id: z.string(),
  organization_id: hex,
  type: RoomType,
  name: z.string(),
  record: z.boolean(),
  meeting_time: z.int(),
  is_terminated: z.boolean(),
  is_ephemeral: z.boolean(),
  is_recurring: z.boolean(),
  created_user_id: z.string().optional(),
  thumbnail_url: z.string().optional(),
  last_thumbnail_updated_at: time.optional(),
  room_template_id: z.string().optional(),
  layout: z.string().optional(),
  layout_id: z.string().optional(),
  started_at: time.optional(),
  terminated_at: time.optional(),
  created_at: time,
  updated_at: time,
});

export const RoomMember = z.object({ user_id: z.string(), type: MemberType, name: z.string().optional() });

/** The longest duration of a meeting, in seconds (our choice): later times would be beyond the range of a date. */
export const MAX_SECONDS = 1e11;

export const CreateRoomRequest = z.object({
  name: z.string(),
  type: RoomType,
  record: z.boolean().optional(),
  max_meeting_seconds: z
    .int()
    .refine((seconds) => seconds >= 1, 'must be at least 1')
    .refine((seconds) => seconds <= MAX_SECONDS, `must be at most ${MAX_SECONDS}`)
    .optional(),
  members: z.array(RoomMember).optional(),
  webhook: z
    .object({
      url: z.string().refine(isHttpUrl, 'must be an absolute http or https URL'),
      headers: open
        .refine(
          (headers) => Object.values(headers).every((value) => typeof value === 'string'),
          'must hold only strings',
        )
        .optional(),
    })
    .optional(),
  layout_id: z.string().optional(),
  user_ids: z.array(z.string()).optional(),
});

export const UpdateRoomRequest = z.object({ name: z.string().optional(), is_terminated: z.boolean().optional() });

export const Member = z.object({
  id: z.string(),
  user_id: z.string(),
  room_id: z.string(),
  type: MemberType,
  access_token: z.string().length(32),
  name: z.string().optional(),
  application_id: hex,
  organization_id: hex,
  is_anonymous: z.literal(false),
  options: open.optional(),
  created_at: time,
  updated_at: time,
});

export const CreateMemberRequest = z.object({
  user_id: z.string(),
  type: MemberType.optional(),
  options: open.optional(),
});

export const UpdateMemberRequest = z.object({
  name: z.string().optional(),
  type: MemberType.optional(),
  is_blocked: z.boolean().optional(),
});

export const Session = z.object({
  id: z.string(),
  member_id: z.string(),
  user_id: z.string().optional(),
  connected_at: z.string(),
  disconnected_at: z.string().optional(),
  room_id: hex,
  application_id: hex,
  organization_id: hex,
});

export const Entity = z
  .object({ type: EntityType, src: z.string().optional(), fixed: z.boolean().optional() })
  .refine(({ src }) => src !== undefined, { message: 'required for an Image', path: ['src'] });

export const size = z.object({ width: z.int(), height: z.int() });

/** Pages without an index are appended after the last one, so the index has an upper limit (our choice). */
const LARGEST_INDEX = 2 ** 31;

/** A page to create; responses have another form. */
export const Page = z.object({
  entities: z.array(Entity).optional(),
  size: size.optional(),
  index: z
    .int()
    .refine((index) => index >= 0 && index < LARGEST_INDEX, `must be from 0 to ${LARGEST_INDEX - 1}`)
    .optional(),
});

/** The fields that are not null: Pagecall omits the others and never sends null (our choice). */
export function withoutNulls<T extends Record<string, unknown>>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const set: Record<string, unknown> = {};
  for (const name in fields) if (fields[name] !== null) set[name] = fields[name];
  return set as { [K in keyof T]?: NonNullable<T[K]> };
}

function isHttpUrl(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}
