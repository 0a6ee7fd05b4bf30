import { expect, test } from 'vitest';
import type { MapId } from '#lib/journey/ids.ts';
import { writeAck, writeUpdate } from '#lib/protocol/frames.ts';
import type { Rooms, Wire } from '../rooms/types.ts';
import type { UserId } from '../storage/ports.ts';
import { createCounts } from './counts.ts';
import { measuredRooms } from './measured-rooms.ts';

test('two frames that are sent as one go on as one, and both are counted', () => {
  const sent: (readonly Uint8Array[])[] = [];
  const wire: Wire = {
    extended: true,
    send: (frame) => sent.push([frame]),
    sendBoth: (frame, after) => sent.push([frame, after]),
    close: () => undefined
  };
  let inner: Wire | null = null;
  const rooms = {
    join: (_mapId: MapId, given: Wire) => {
      inner = given;
      return { receive: () => undefined, leave: () => undefined };
    }
  } as unknown as Rooms;
  const counts = createCounts();
  const durations = { ack: { observe: () => undefined }, revocation: { observe: () => undefined } };
  const measured = measuredRooms(rooms, counts, durations, () => 0);
  const identity = { userId: 'ann' as UserId, name: 'Ann', guest: false, role: 'editor' } as const;
  const session = measured.rooms.join('m' as MapId, wire, identity);
  const update = writeUpdate(Uint8Array.of(0, 0));
  session.receive(update);
  const open = inner as Wire | null;
  open?.sendBoth(update, writeAck(1));
  expect(sent).toEqual([[update, writeAck(1)]]);
  expect(counts.updatesAcknowledged).toBe(1);
  expect(counts.sentBytes.document).toBe(update.length);
});
