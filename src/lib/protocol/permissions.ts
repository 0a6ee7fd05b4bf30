import type { ClientFrame } from './frames.ts';
import { canEdit, type Role } from './roles.ts';

/** Frames that anybody on the map may send. */
const READING: ReadonlySet<ClientFrame['kind']> = new Set(['stateVector', 'presence']);

/** The role table, PROTOCOL.md P20: readers ask and are seen, editors also write. */
export const maySend = (role: Role, kind: ClientFrame['kind']): boolean => READING.has(kind) || canEdit(role);
